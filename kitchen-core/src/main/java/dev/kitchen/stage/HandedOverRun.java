package dev.kitchen.stage;

import dev.kitchen.base.ForeignCode;
import dev.kitchen.error.KitchenException;
import dev.kitchen.predict.Prediction;
import dev.kitchen.runtime.CallContext;
import dev.kitchen.runtime.CallContext.StopReason;
import dev.kitchen.runtime.Waiting;
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
        if (!claim()) {
            return;
        }
        try {
            answer = run.apply(own);
        } catch (Throwable e) {
            failure = e;
        } finally {
            done = true;
            LockSupport.unpark(caller);
        }
    }

    /** Lets no thread begin the run any more; false if one has. */
    boolean claim() {
        return claimed.compareAndSet(false, true);
    }

    /** The answer; waits for it on the caller's thread. */
    Prediction await(Waiting waiting) {
        boolean begun;
        try {
            waiting.await(call, () -> done);
        } finally {
            begun = leave();
        }
        if (!begun) {
            throw call.stoppedException(place);
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

    /** The caller goes on: the run has ended or never will begin. Returns whether it began. */
    private boolean leave() {
        if (!done && claim()) {
            return false;
        }
        if (!done) {
            own.stop(call.stopReason().orElse(StopReason.CANCELLED));
            Waiting.awaitEnd(() -> done);
        }
        return true;
    }

    private KitchenException rethrown() {
        return ForeignCode.typed(place, failure == null ? new IllegalStateException("no answer") : failure);
    }
}
