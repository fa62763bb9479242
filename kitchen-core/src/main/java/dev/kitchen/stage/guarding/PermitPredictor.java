package dev.kitchen.stage.guarding;

import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.predict.Ticker;
import dev.kitchen.runtime.CallContext;
import dev.kitchen.runtime.Waiting;
import dev.kitchen.session.Predictor;
import dev.kitchen.stage.guarding.RunPermits.Waiter;

/** Runs what has a permit, and holds it until the run has ended. */
final class PermitPredictor implements Predictor {

    private static final long NOT_MEASURED = Long.MIN_VALUE;

    private final Predictor run;
    private final RunPermits permits;
    private final String place;
    private final Waiting waiting;
    private final Ticker ticker;

    PermitPredictor(Predictor run, RunPermits permits, String place, Waiting waiting, Ticker ticker) {
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
        // Nothing may come between: what fails here would keep the permit for ever.
        long start = NOT_MEASURED;
        try {
            if (permits.isBusy()) {
                start = ticker.nanoTime();
            }
            return run.predict(request, context);
        } finally {
            if (start == NOT_MEASURED) {
                permits.release();
            } else {
                measured(start);
            }
        }
    }

    private void measured(long start) {
        long nanos = 0;
        try {
            nanos = ticker.nanoTime() - start;
        } finally {
            permits.release(nanos);
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
