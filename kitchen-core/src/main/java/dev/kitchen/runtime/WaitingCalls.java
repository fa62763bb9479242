package dev.kitchen.runtime;

import dev.kitchen.predict.Ticker;
import dev.kitchen.runtime.CallContext.StopReason;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Calls that wait for a thread: their time runs out as it does for those that run. */
public final class WaitingCalls implements Waiting {

    private final InFlight inFlight = new InFlight();
    private final Watchdog watchdog;

    public WaitingCalls(Watchdog watchdog) {
        this.watchdog = watchdog;
        watchdog.watch(inFlight);
    }

    /**
     * Adds a call.
     *
     * @param onStop quick, does not block; runs at most once, on any thread
     * @return the ticket to leave with
     */
    public int enter(CallContext context, Runnable onStop) {
        context.onStop(onStop);
        int ticket = inFlight.enter(context);
        if (context.hasDeadline()) {
            watchdog.expect(context);
        }
        return ticket;
    }

    @Override
    public void await(CallContext context, BooleanSupplier done) {
        Thread thread = Thread.currentThread();
        int ticket = enter(context, () -> LockSupport.unpark(thread));
        try {
            while (!done.getAsBoolean() && !context.isStopped()) {
                LockSupport.park(this);
                if (thread.isInterrupted()) {
                    context.stop(StopReason.CANCELLED);
                }
            }
        } finally {
            leave(ticket, context);
        }
    }

    @Override
    public <T> T attend(CallContext context, Runnable onStop, Supplier<T> work) {
        int ticket = enter(context, onStop);
        try {
            return work.get();
        } finally {
            leave(ticket, context);
        }
    }

    /**
     * Blocks the calling thread for a while, or until the call is stopped. An interrupt stops the call and stays set.
     *
     * @param nanos in ticker time
     */
    public void pause(CallContext context, long nanos) {
        Ticker ticker = watchdog.ticker();
        long end = ticker.nanoTime() + nanos;
        Thread thread = Thread.currentThread();
        int ticket = enter(context, () -> LockSupport.unpark(thread));
        try {
            for (long left = nanos; left > 0 && !context.isStopped(); left = end - ticker.nanoTime()) {
                LockSupport.parkNanos(this, watchdog.realNanos(left));
                if (thread.isInterrupted()) {
                    context.stop(StopReason.CANCELLED);
                }
            }
        } finally {
            leave(ticket, context);
        }
    }

    /** Ends all waiting: the kitchen closes. */
    public void stopAll() {
        inFlight.stopAll(StopReason.CLOSING, new AtomicInteger());
    }

    /** The call no longer waits. When this returns, what was to run on its stop neither runs nor will. */
    public void leave(int ticket, CallContext context) {
        inFlight.leave(ticket, context);
        context.clearOnStop();
    }
}
