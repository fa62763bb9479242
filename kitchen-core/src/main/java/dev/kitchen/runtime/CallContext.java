package dev.kitchen.runtime;

import dev.kitchen.base.ForeignCode;
import dev.kitchen.error.CancelledException;
import dev.kitchen.error.DeadlineExceededException;
import dev.kitchen.error.KitchenException;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.spi.RunContext;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One call on its way to its answer: its deadline, and the one place where it is stopped. Any thread may stop a call; only
 * the thread that serves it registers how.
 */
public sealed class CallContext implements RunContext permits JoinedCall {

    /** The deadline of a call without one. */
    public static final long NO_DEADLINE = Long.MAX_VALUE;

    /** Why a call was stopped. */
    public enum StopReason {
        /** Its time limit passed. */
        DEADLINE,
        /** Nobody waits for it any longer. */
        CANCELLED,
        /** The kitchen or the model closes. */
        CLOSING
    }

    /** What stands in the place of an action where there is none to run. */
    private enum Phase implements Runnable {
        NOTHING_TO_STOP,
        STOPPING,
        STOPPED;

        @Override
        public void run() {}
    }

    private static final VarHandle ACTION;
    private static final VarHandle REASON;
    private static final VarHandle RUNNER;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            ACTION = lookup.findVarHandle(CallContext.class, "action", Runnable.class);
            REASON = lookup.findVarHandle(CallContext.class, "reason", StopReason.class);
            RUNNER = lookup.findVarHandle(CallContext.class, "runner", Thread.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private long startNanos;
    private long deadlineNanos;
    private long runNanos;
    private int retries;

    @SuppressWarnings("UnusedVariable") // RUNNER reads it
    private @Nullable Thread runner;

    private volatile Runnable action = Phase.NOTHING_TO_STOP;
    private volatile @Nullable StopReason reason;

    /**
     * A call.
     *
     * @param startNanos when it began, in ticker time
     * @param deadlineNanos when its time is over, in ticker time, or {@link #NO_DEADLINE}
     */
    public CallContext(long startNanos, long deadlineNanos) {
        this.startNanos = startNanos;
        this.deadlineNanos = deadlineNanos;
    }

    /** Becomes another call. Only for an owner who knows that nobody else still holds on to this one. */
    public void restart(long newStartNanos, long newDeadlineNanos) {
        startNanos = newStartNanos;
        deadlineNanos = newDeadlineNanos;
        runNanos = 0;
        retries = 0;
        if (reason != null || action != Phase.NOTHING_TO_STOP) {
            // Looked at first: a write is a fence each, and nearly no call is stopped.
            reason = null;
            action = Phase.NOTHING_TO_STOP;
        }
    }

    /**
     * The context of one run that answers several calls, as those of a bulk call.
     *
     * @param calls how many, 1 or more
     */
    public static CallContext joining(int calls, long startNanos, long deadlineNanos) {
        return new JoinedCall(calls, startNanos, deadlineNanos);
    }

    /** How many calls its answer is for. */
    public int calls() {
        return 1;
    }

    /** When the call began, in ticker time. */
    public long startNanos() {
        return startNanos;
    }

    @Override
    public boolean hasDeadline() {
        return deadlineNanos != NO_DEADLINE;
    }

    /** When the call's time is over, in ticker time, or {@link #NO_DEADLINE}. */
    public long deadlineNanos() {
        return deadlineNanos;
    }

    /** Whether the deadline has passed at this ticker time. */
    public boolean isExpired(long nowNanos) {
        return hasDeadline() && nowNanos - deadlineNanos >= 0;
    }

    /** Why the call was stopped; empty if it is not. */
    public Optional<StopReason> stopReason() {
        return Optional.ofNullable(reason);
    }

    /** The calling thread runs the call from now on: an interrupt of it stops the call. To be said before it is in flight. */
    public void beginRun() {
        RUNNER.setRelease(this, Thread.currentThread());
    }

    /** The call runs no longer. */
    public void endRun() {
        RUNNER.setRelease(this, null);
    }

    /** Whether the model is running for the call. */
    public boolean isRunning() {
        return RUNNER.getAcquire(this) != null;
    }

    /** Whether the thread that runs the call was interrupted. */
    public boolean isInterrupted() {
        Thread thread = (Thread) RUNNER.getAcquire(this);
        return thread != null && thread.isInterrupted();
    }

    /** Notes how long the model ran for the call, where somebody wants to know. */
    public void ranFor(long nanos) {
        runNanos = nanos;
    }

    /** How long the model ran for the call the last time; 0 where nobody measured it. */
    public long runNanos() {
        return runNanos;
    }

    /** Notes that the call is tried again. */
    public void countRetry() {
        retries++;
    }

    /** Returns how often the call was tried again. */
    public int retries() {
        return retries;
    }

    /** Whether somebody stopped the call. */
    @Override
    public boolean isStopped() {
        return reason != null;
    }

    /**
     * Stops the call: remembers why, and runs what is registered to stop it; what that throws is logged. The first reason
     * stays.
     *
     * @return false if the call had been stopped before
     */
    public boolean stop(StopReason why) {
        if (!REASON.compareAndSet(this, null, why)) {
            return false;
        }
        while (true) {
            Runnable current = action;
            if (current == Phase.NOTHING_TO_STOP) {
                if (ACTION.compareAndSet(this, current, Phase.STOPPED)) {
                    return true;
                }
            } else if (ACTION.compareAndSet(this, current, Phase.STOPPING)) {
                try {
                    ForeignCode.attempt("stopping a run", current);
                } finally {
                    action = Phase.STOPPED;
                }
                return true;
            }
        }
    }

    /**
     * Registers how to stop what now begins; runs it at once if the call has been stopped already.
     *
     * @param stop quick, does not block, may run on any thread
     */
    @Override
    public void onStop(Runnable stop) {
        if (!ACTION.compareAndSet(this, Phase.NOTHING_TO_STOP, stop)) {
            if (action != Phase.STOPPED && action != Phase.STOPPING) {
                throw new IllegalStateException("the call already has something registered to stop it");
            }
            stop.run();
        }
    }

    /** Takes back what was registered. When this returns, it is not running and will not run. */
    @Override
    public void clearOnStop() {
        while (true) {
            Runnable current = action;
            if (current == Phase.STOPPED || current == Phase.NOTHING_TO_STOP) {
                return;
            }
            if (current == Phase.STOPPING) {
                Thread.onSpinWait();
            } else if (ACTION.compareAndSet(this, current, Phase.NOTHING_TO_STOP)) {
                return;
            }
        }
    }

    @Override
    public void cancel() {
        stop(StopReason.CANCELLED);
    }

    /**
     * The exception for a call that was stopped while it waited.
     *
     * @param place what the call was doing, as the beginning of a message
     * @throws IllegalStateException if the call is not stopped
     */
    public KitchenException stoppedException(String place) {
        return stoppedException(place, false);
    }

    /** As {@link #stoppedException(String)}, saying whether the model was running for the call. */
    public KitchenException stoppedException(String place, boolean duringRun) {
        StopReason why = reason;
        if (why == null) {
            throw new IllegalStateException("the call is not stopped");
        }
        return switch (why) {
            case DEADLINE -> new DeadlineExceededException(place + ": no answer within " + timeLimitText(), duringRun);
            case CANCELLED -> new CancelledException(place + ": cancelled by its caller");
            case CLOSING -> new NotReadyException(place + ": stopped, because it is closing");
        };
    }

    private String timeLimitText() {
        return hasDeadline()
                ? (deadlineNanos - startNanos) / 1_000_000.0 + " ms"
                : "the time of any of the calls that waited for it";
    }

    /** Throws {@link #stoppedException} if the call is stopped. */
    public void throwIfStopped(String place) {
        if (isStopped()) {
            throw stoppedException(place);
        }
    }
}
