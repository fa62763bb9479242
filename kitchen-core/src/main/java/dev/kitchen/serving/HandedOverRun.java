package dev.kitchen.serving;

import dev.kitchen.predict.CallContext;
import dev.kitchen.predict.CallContext.StopReason;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.Waiting;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A call's run on another thread than the caller's. It has a context of its own, as the call's is where the caller waits;
 * a call that is stopped stops its run, and stays until that has ended, as if it ran itself: the run reads the caller's
 * memory, and the caller holds the model.
 */
final class HandedOverRun implements Runnable {

    private final Function<CallContext, Prediction> run;
    private final CallContext call;
    private final String place;
    private final CallContext own;
    private final Thread caller = Thread.currentThread();
    private final AtomicBoolean claimed = new AtomicBoolean();
    private @Nullable Prediction answer;
    private @Nullable Throwable failure;
    private volatile boolean done;

    HandedOverRun(Function<CallContext, Prediction> run, CallContext call, String place) {
        this.run = run;
        this.call = call;
        this.place = place;
        this.own = new CallContext(call.startNanos(), CallContext.NO_DEADLINE);
    }

    @Override
    public void run() {
        if (!claimed.compareAndSet(false, true)) {
            return;
        }
        try {
            answer = run.apply(own);
        } catch (RuntimeException | Error e) {
            failure = e;
        } finally {
            done = true;
            LockSupport.unpark(caller);
        }
    }

    /** The answer; waits for it on the caller's thread. */
    Prediction await(Waiting waiting) {
        waiting.await(call, () -> done);
        if (!done && claimed.compareAndSet(false, true)) {
            throw call.stoppedException(place);
        }
        if (!done) {
            own.stop(call.stopReason().orElse(StopReason.CANCELLED));
            Waiting.awaitEnd(() -> done);
        }
        call.ranFor(own.runNanos());
        if (answer != null) {
            return answer;
        }
        if (call.isStopped()) {
            throw call.stoppedException(place, true);
        }
        throw rethrown();
    }

    private RuntimeException rethrown() {
        if (failure instanceof Error error) {
            throw error;
        }
        return failure instanceof RuntimeException exception ? exception : new IllegalStateException("no answer");
    }
}
