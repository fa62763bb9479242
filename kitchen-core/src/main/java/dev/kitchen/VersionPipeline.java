package dev.kitchen;

import dev.kitchen.guard.CircuitBreaker;
import dev.kitchen.predict.CallContext;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.predict.Predictor;
import java.util.Optional;

/** A version's stages, and those of them that somebody may want to look at. */
record VersionPipeline(Predictor first, Optional<CircuitBreaker> breaker) implements Predictor {

    @Override
    public Prediction predict(PredictionRequest request, CallContext context) {
        return first.predict(request, context);
    }
}
