package dev.kitchen.serving;

import dev.kitchen.predict.CallContext;
import dev.kitchen.predict.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends runs whose deadline has passed, and tells of versions that drain for too long. One thread looks over all runs in flight; it sleeps until the earliest deadline
 * it knows of, and a call with an earlier one wakes it. A call without a deadline costs nothing here.
 */
public final class Watchdog implements Runnable {

    /** How often to look at a clock that does not tell when it moves. */
    private static final long FOREIGN_CLOCK_POLL_NANOS = 1_000_000;

    private static final Logger LOGGER = LoggerFactory.getLogger(Watchdog.class);

    private final Ticker ticker;
    private final List<InFlight> watched = new CopyOnWriteArrayList<>();
    private final Draining draining;
    private final Thread thread;
    private volatile long wakesAtNanos = CallContext.NO_DEADLINE;
    private volatile boolean reportsDrains = true;
    private volatile boolean closed;

    /**
     * A watchdog that works once {@link #start started}.
     *
     * @param drainLimit how long a version may answer calls after it was taken out of service before that is told of
     */
    public Watchdog(Ticker ticker, Duration drainLimit, String threadName) {
        this.ticker = ticker;
        this.draining = new Draining(drainLimit, LOGGER::warn);
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

    /** A version was taken out of service under its users. */
    void drains(ServedModel model) {
        if (draining.add(model, ticker.nanoTime()) < wakesAtNanos) {
            LockSupport.unpark(thread);
        }
    }

    /** A version was freed. */
    void drained(ServedModel model) {
        draining.remove(model);
    }

    /** Versions out of service that have calls in flight for longer than the drain limit, in words. */
    public List<String> overdueDrains() {
        return draining.overdue(ticker.nanoTime());
    }

    /** From now on the kitchen tells itself who does not end. */
    public void stopReportingDrains() {
        reportsDrains = false;
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
            long now = ticker.nanoTime();
            long earliest = reportsDrains ? draining.reportOverdue(now) : CallContext.NO_DEADLINE;
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
