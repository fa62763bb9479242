package dev.kitchen.stage.guarding;

import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.predict.Ticker;
import dev.kitchen.runtime.CallContext;
import dev.kitchen.session.Predictor;

/** Notes how long runs take. */
final class RunTimer implements Predictor {

    private final Predictor run;
    private final Ticker ticker;

    RunTimer(Predictor run, Ticker ticker) {
        this.run = run;
        this.ticker = ticker;
    }

    @Override
    public Prediction predict(PredictionRequest request, CallContext context) {
        long start = ticker.nanoTime();
        try {
            return run.predict(request, context);
        } finally {
            context.ranFor(ticker.nanoTime() - start);
        }
    }
}
