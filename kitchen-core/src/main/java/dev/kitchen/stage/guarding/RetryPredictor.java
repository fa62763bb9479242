package dev.kitchen.stage.guarding;

import dev.kitchen.base.Nanos;
import dev.kitchen.error.KitchenException;
import dev.kitchen.guard.RetryPolicy;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.predict.Ticker;
import dev.kitchen.runtime.CallContext;
import dev.kitchen.session.Predictor;
import java.util.function.ObjLongConsumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Repeats calls that failed, after a pause. */
final class RetryPredictor implements Predictor {

    private final Predictor next;
    private final RetryPolicy policy;
    private final String place;
    private final Ticker ticker;
    private final ObjLongConsumer<CallContext> pause;
    private final Supplier<? extends RandomGenerator> random;

    RetryPredictor(
            Predictor next,
            RetryPolicy policy,
            String place,
            Ticker ticker,
            ObjLongConsumer<CallContext> pause,
            Supplier<? extends RandomGenerator> random) {
        this.next = next;
        this.policy = policy;
        this.place = place;
        this.ticker = ticker;
        this.pause = pause;
        this.random = random;
    }

    @Override
    public Prediction predict(PredictionRequest request, CallContext context) {
        for (int attempt = 1; ; attempt++) {
            try {
                return next.predict(request, context);
            } catch (KitchenException e) {
                if (attempt == policy.maxAttempts() || !e.retryable() || context.isStopped()) {
                    throw e;
                }
                pauseAfter(attempt, e, context);
                context.countRetry();
            }
        }
    }

    private void pauseAfter(int attempt, KitchenException failure, CallContext context) {
        long nanos = pauseNanos(policy, attempt, random.get().nextDouble());
        if (context.hasDeadline() && nanos >= context.deadlineNanos() - ticker.nanoTime()) {
            throw failure;
        }
        pause.accept(context, nanos);
        if (context.isStopped()) {
            KitchenException stopped = context.stoppedException(place);
            stopped.addSuppressed(failure);
            throw stopped;
        }
    }

    /**
     * Returns how long to wait after an attempt: between half and all of the full pause, so that callers do not come back
     * together.
     *
     * @param attempt from 1
     * @param random from 0 to 1
     */
    static long pauseNanos(RetryPolicy policy, int attempt, double random) {
        double doubled = (double) Nanos.of(policy.firstPause()) * Math.pow(2, attempt - 1.0);
        double full = Math.min((double) Nanos.of(policy.longestPause()), doubled);
        return (long) (full * (0.5 + random / 2));
    }
}
