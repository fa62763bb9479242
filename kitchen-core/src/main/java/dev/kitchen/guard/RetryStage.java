package dev.kitchen.guard;

import dev.kitchen.base.ForeignCode;
import dev.kitchen.error.KitchenException;
import dev.kitchen.predict.CallContext;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.predict.Predictor;
import dev.kitchen.predict.Ticker;
import java.util.function.ObjLongConsumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Tries calls again. */
final class RetryStage implements Predictor {

    private final Predictor next;
    private final Retrying retrying;
    private final String place;
    private final Ticker ticker;
    private final ObjLongConsumer<CallContext> pause;
    private final Supplier<? extends RandomGenerator> random;

    RetryStage(
            Predictor next,
            Retrying retrying,
            String place,
            Ticker ticker,
            ObjLongConsumer<CallContext> pause,
            Supplier<? extends RandomGenerator> random) {
        this.next = next;
        this.retrying = retrying;
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
                if (attempt == retrying.attempts() || !e.retryable() || context.isStopped()) {
                    throw e;
                }
                pauseAfter(attempt, e, context);
            }
        }
    }

    private void pauseAfter(int attempt, KitchenException failure, CallContext context) {
        long nanos = retrying.pauseNanos(attempt, random.get().nextDouble());
        if (context.hasDeadline() && nanos >= context.deadlineNanos() - ticker.nanoTime()) {
            throw failure;
        }
        pause.accept(context, nanos);
        if (context.isStopped()) {
            KitchenException stopped = context.stoppedException(place);
            ForeignCode.suppress(stopped, failure);
            throw stopped;
        }
    }
}
