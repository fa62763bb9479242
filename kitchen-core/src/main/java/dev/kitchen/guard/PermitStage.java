package dev.kitchen.guard;

import dev.kitchen.guard.RunPermits.Waiter;
import dev.kitchen.predict.CallContext;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.predict.Predictor;
import dev.kitchen.predict.Ticker;
import dev.kitchen.predict.Waiting;

/** Runs what has a permit, and holds it until the run has ended. */
final class PermitStage implements Predictor {

    private final Predictor run;
    private final RunPermits permits;
    private final String place;
    private final Waiting waiting;
    private final Ticker ticker;

    PermitStage(Predictor run, RunPermits permits, String place, Waiting waiting, Ticker ticker) {
        this.run = run;
        this.permits = permits;
        this.place = place;
        this.waiting = waiting;
        this.ticker = ticker;
    }

    @Override
    public Prediction predict(PredictionRequest request, CallContext context) {
        if (!permits.tryAcquire()) {
            await(context);
        }
        return permits.isBusy() ? measure(request, context) : run(request, context);
    }

    private Prediction run(PredictionRequest request, CallContext context) {
        try {
            return run.predict(request, context);
        } finally {
            permits.release();
        }
    }

    private Prediction measure(PredictionRequest request, CallContext context) {
        long start = ticker.nanoTime();
        try {
            return run.predict(request, context);
        } finally {
            permits.release(ticker.nanoTime() - start);
        }
    }

    private void await(CallContext context) {
        Waiter waiter = permits.enqueue(context, ticker.nanoTime());
        if (waiter == null) {
            return;
        }
        boolean goesOn = false;
        try {
            waiting.await(context, waiter);
            context.throwIfStopped(place);
            goesOn = waiter.getAsBoolean();
        } finally {
            if (!goesOn) {
                permits.abandon(waiter);
            }
        }
    }
}
