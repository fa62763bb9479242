package dev.kitchen.stage.caching;

import dev.kitchen.predict.CallOptions.CacheMode;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.predict.Ticker;
import dev.kitchen.runtime.CallContext;
import dev.kitchen.session.Predictor;
import dev.kitchen.spi.CacheKey;

/** Answers out of the cache, or else lets the model run, once for all who ask the same. */
final class CachingPredictor implements Predictor {

    private final Predictor next;
    private final KeptAnswers answers;
    private final SingleFlight flights;
    private final Ticker ticker;

    CachingPredictor(Predictor next, KeptAnswers answers, SingleFlight flights, Ticker ticker) {
        this.next = next;
        this.answers = answers;
        this.flights = flights;
        this.ticker = ticker;
    }

    @Override
    public Prediction predict(PredictionRequest request, CallContext context) {
        CacheMode mode = request.options().cacheMode();
        return switch (mode) {
            case USE -> use(request, context);
            case BYPASS -> next.predict(request, context);
            case REFRESH -> refresh(request, context);
        };
    }

    private Prediction use(PredictionRequest request, CallContext context) {
        CacheKey key = answers.keyOf(request);
        long landed = flights.landed();
        Prediction kept = answers.find(key, context);
        if (kept != null) {
            return kept;
        }
        Prediction shared = flights.answer(key, request, context, landed);
        return shared.withDuration(ticker.nanoTime() - context.startNanos());
    }

    /** Shares no run: one that began earlier may be what the caller does not want. */
    private Prediction refresh(PredictionRequest request, CallContext context) {
        CacheKey key = answers.keyOf(request).owned();
        long epoch = answers.epoch(key);
        Prediction fresh = next.predict(request.withInputs(key.inputs()), context);
        answers.keep(key, fresh, epoch);
        return fresh;
    }
}
