package dev.kitchen.stage;

import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.predict.Ticker;
import dev.kitchen.runtime.CallContext;
import dev.kitchen.runtime.Waiting;
import dev.kitchen.session.Predictor;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs a model for virtual threads: on the calling thread while runs are short, and on a platform thread once they are known
 * to be long, because a native call pins the virtual thread's carrier. Platform threads run the model themselves.
 */
final class VirtualThreadPredictor implements Predictor {

    /** Handing a run over costs some 40 µs. */
    private static final long LONG_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

    /** {@code Thread.isVirtual}, which JDK 17 lacks. */
    private static final @Nullable MethodHandle IS_VIRTUAL = isVirtualOrNull();

    private final Predictor run;
    private final String place;
    private final Waiting waiting;
    private final Executor threads;
    private final Ticker ticker;
    /** A moving mean of what a run takes; races between callers cost a sample. */
    private volatile long meanNanos;

    /**
     * The stage in front of a run.
     *
     * @param place where the model is, as the beginning of a message
     * @param threads where long runs of this version go; may queue them
     */
    VirtualThreadPredictor(Predictor run, String place, Waiting waiting, Executor threads, Ticker ticker) {
        this.run = run;
        this.place = place;
        this.waiting = waiting;
        this.threads = threads;
        this.ticker = ticker;
    }

    private static @Nullable MethodHandle isVirtualOrNull() {
        try {
            return MethodHandles.lookup().findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class));
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    private static boolean isVirtual(Thread thread) {
        try {
            return IS_VIRTUAL != null && (boolean) IS_VIRTUAL.invokeExact(thread);
        } catch (Throwable e) {
            throw new IllegalStateException("Thread.isVirtual throws nothing", e);
        }
    }

    @Override
    public Prediction predict(PredictionRequest request, CallContext context) {
        if (!isVirtual(Thread.currentThread())) {
            return run.predict(request, context);
        }
        if (meanNanos < LONG_NANOS) {
            return timed(request, context);
        }
        HandedOverRun handedOver = new HandedOverRun(it -> timed(request, it), context, place);
        try {
            threads.execute(handedOver);
        } catch (Throwable e) {
            // No thread can be had: the caller runs by itself, unless the run has begun all the same.
            if (handedOver.claim()) {
                return timed(request, context);
            }
        }
        return handedOver.await(waiting);
    }

    private Prediction timed(PredictionRequest request, CallContext context) {
        long start = ticker.nanoTime();
        boolean answered = false;
        try {
            Prediction prediction = run.predict(request, context);
            answered = true;
            return prediction;
        } finally {
            measured(ticker.nanoTime() - start, answered);
        }
    }

    /** A run that failed at once tells nothing, but one that was stopped is at least as long as that took. */
    private void measured(long nanos, boolean answered) {
        long mean = meanNanos;
        if (answered || nanos > mean) {
            meanNanos = mean + (nanos - mean) / 8;
        }
    }
}
