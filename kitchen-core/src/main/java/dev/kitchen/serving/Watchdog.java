package dev.kitchen.serving;

import dev.kitchen.predict.CallContext;
import dev.kitchen.predict.Ticker;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/**
 * Ends runs whose deadline has passed. One thread looks over all runs in flight; it sleeps until the earliest deadline
 * it knows of, and a call with an earlier one wakes it. A call without a deadline costs nothing here.
 */
public final class Watchdog implements Runnable {

    /** How often to look at a clock that does not tell when it moves. */
    private static final long FOREIGN_CLOCK_POLL_NANOS = 1_000_000;

    private final Ticker ticker;
    private final List<InFlight> watched = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile long wakesAtNanos = CallContext.NO_DEADLINE;
    private volatile boolean closed;

    /** A watchdog that works once {@link #start started}. */
    public Watchdog(Ticker ticker, String threadName) {
        this.ticker = ticker;
        this.thread = new Thread(this, threadName);
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    void watch(InFlight inFlight) {
        watched.add(inFlight);
    }

    void forget(InFlight inFlight) {
        watched.remove(inFlight);
    }

    /** Sees to it that somebody looks at this deadline in time. The call is in flight already. */
    void expect(CallContext context) {
        if (context.deadlineNanos() < wakesAtNanos) {
            LockSupport.unpark(thread);
        }
    }

    @Override
    public void run() {
        while (!closed) {
            // Calls that enter from here on see the far deadline and leave a permit, so the park below ends at once.
            wakesAtNanos = CallContext.NO_DEADLINE;
            long earliest = CallContext.NO_DEADLINE;
            long now = ticker.nanoTime();
            for (InFlight inFlight : watched) {
                earliest = Math.min(earliest, inFlight.stopExpired(now));
            }
            wakesAtNanos = earliest;
            sleepUntil(earliest);
        }
    }

    private void sleepUntil(long deadlineNanos) {
        if (deadlineNanos == CallContext.NO_DEADLINE) {
            LockSupport.park(this);
        } else if (ticker.equals(Ticker.system())) {
            LockSupport.parkNanos(this, deadlineNanos - ticker.nanoTime());
        } else {
            LockSupport.parkNanos(this, FOREIGN_CLOCK_POLL_NANOS);
        }
    }

    /** Ends the thread. Blocks until it has ended. */
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        Joining.join(thread);
    }
}
