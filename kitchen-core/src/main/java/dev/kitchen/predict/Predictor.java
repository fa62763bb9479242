package dev.kitchen.predict;

/** Answers requests; the stages of the pipeline are predictors around predictors. Safe for use by many threads. */
@FunctionalInterface
public interface Predictor {

    /**
     * Answers a request on the caller's thread.
     *
     * @throws dev.kitchen.error.KitchenException if there is no answer
     */
    Prediction predict(PredictionRequest request, CallContext context);
}
