package dev.kitchen.session;

import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.runtime.CallContext;

/** What answers requests: a loaded version, or a stage in front of one. Used by many threads at once. */
@FunctionalInterface
public interface Predictor {

    /**
     * Answers a request whose inputs have been checked against the version's signature and are in its order.
     *
     * @param context the call's: whoever waits or runs on its behalf ends when it is stopped
     * @throws dev.kitchen.error.KitchenException if there is no answer, with the reason
     */
    Prediction predict(PredictionRequest request, CallContext context);
}
