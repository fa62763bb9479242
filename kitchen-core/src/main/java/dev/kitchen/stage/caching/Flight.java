package dev.kitchen.stage.caching;

import dev.kitchen.base.ForeignCode;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.runtime.CallContext;
import dev.kitchen.runtime.CallContext.StopReason;
import dev.kitchen.runtime.Waiting;
import dev.kitchen.spi.CacheKey;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One run and all who wait for it: it belongs to none of them, and is stopped when the last one has left. */
final class Flight {

    private final CacheKey key;
    private final long epoch;
    private final PredictionRequest request;
    private final CallContext context;
    private final Queue<Thread> sleepers = new ConcurrentLinkedQueue<>();
    private final Object lock = new Object();
    private int members = 1;
    private volatile boolean begun;
    private volatile boolean handedOver;
    private volatile @Nullable Prediction answer;
    private volatile @Nullable Throwable failure;

    /** A run for one member, which has not begun. */
    Flight(CacheKey key, long epoch, PredictionRequest request, long nowNanos) {
        this.key = key;
        this.epoch = epoch;
        this.request = request;
        this.context = new CallContext(nowNanos, CallContext.NO_DEADLINE);
    }

    CacheKey key() {
        return key;
    }

    /** The cache's mark from before the run. */
    long epoch() {
        return epoch;
    }

    PredictionRequest request() {
        return request;
    }

    /** The run's own: without a deadline. */
    CallContext context() {
        return context;
    }

    /** The run goes to a thread that is no member's. */
    void handOver() {
        handedOver = true;
    }

    /** Begins the run; false if it has begun already. */
    boolean begin() {
        synchronized (lock) {
            boolean first = !begun;
            begun = true;
            return first;
        }
    }

    boolean hasBegun() {
        return begun;
    }

    /** Becomes a member; false if all have left. */
    boolean join() {
        synchronized (lock) {
            if (members == 0) {
                return false;
            }
            members++;
            return true;
        }
    }

    /** A member waits no longer, as its call was stopped. */
    void leave(CallContext member) {
        boolean last;
        synchronized (lock) {
            last = --members == 0;
        }
        if (last) {
            context.stop(member.stopReason().orElse(StopReason.CANCELLED));
        }
    }

    /** Waits for the end of the run, or leaves it when the member's call is stopped. */
    void await(Waiting waiting, CallContext member) {
        try {
            sleepers.add(Thread.currentThread());
            waiting.await(member, this::isDone);
        } finally {
            if (!isDone()) {
                leave(member);
                if (handedOver && context.isStopped()) {
                    // The last member holds the version that runs on a thread which does not: it stays until the run
                    // that it stopped has ended, as it would if it ran itself.
                    Waiting.awaitEnd(this::isDone);
                }
            }
        }
    }

    void end(Prediction result) {
        answer = result;
        sleepers.forEach(LockSupport::unpark);
    }

    void fail(Throwable reason) {
        failure = reason;
        sleepers.forEach(LockSupport::unpark);
    }

    private boolean isDone() {
        return answer != null || failure != null;
    }

    /**
     * Whether the run was stopped though this member waits for it: who led it on a thread of their own was interrupted,
     * and that is nobody else's end.
     */
    boolean endedForAnother(CallContext member) {
        return failure != null
                && context.stopReason().equals(Optional.of(StopReason.CANCELLED))
                && !member.isStopped()
                && !Thread.currentThread().isInterrupted();
    }

    /** What a member gets: an answer if there is one, or the reason why not. */
    Prediction answerFor(CallContext member, String place) {
        Prediction result = answer;
        if (result != null) {
            member.ranFor(context.runNanos());
            return result;
        }
        member.throwIfStopped(place);
        Throwable reason = failure;
        throw ForeignCode.typed(place, reason == null ? new IllegalStateException("the run is not done") : reason);
    }
}
