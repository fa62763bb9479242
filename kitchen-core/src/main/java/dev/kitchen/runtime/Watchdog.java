package dev.kitchen.runtime;

import dev.kitchen.base.ServiceThread;
import dev.kitchen.predict.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends runs whose deadline has passed, or whose thread was interrupted, and tells of versions that drain for too long. One
 * thread looks over all runs in flight. It sleeps until the earliest deadline it knows of, and a call with an earlier one
 * wakes it; for interrupts, which nobody announces, it looks up every 25 ms until it has seen no run for 5 seconds, and
 * the first run after that wakes it.
 */
public final class Watchdog {

    /** How often to look at a clock that does not tell when it moves. */
    private static final long FOREIGN_CLOCK_POLL_NANOS = 1_000_000;

    private static final Logger LOGGER = LoggerFactory.getLogger(Watchdog.class);

    private static final long INTERRUPT_TICK_NANOS = 25_000_000;
    private static final int QUIET_TICKS_BEFORE_SLEEP = 200;

    private final Ticker ticker;
    private final List<InFlight> watched = new CopyOnWriteArrayList<>();
    private final Draining draining;
    private final OverdueRuns overdueRuns = new OverdueRuns(LOGGER::warn);
    private final ServiceThread thread;
    private volatile long wakesAtNanos = CallContext.NO_DEADLINE;
    /** Whether somebody has called since the last look began; a permit alone is used up by whatever parks while looking. */
    private volatile boolean called;

    private volatile boolean reportsDrains = true;
    /** Whether nobody looks for interrupts until a run wakes the thread. */
    private volatile boolean asleep;

    private volatile boolean closed;
    /** Of the machine's clock, whatever the ticker says: interrupts come in real time. */
    private long nextTickNanos = System.nanoTime();

    private int quietTicks;

    /**
     * A watchdog that works once {@link #start started}.
     *
     * @param drainLimit how long a version may answer calls after it was taken out of service before that is told of
     */
    public Watchdog(Ticker ticker, Duration drainLimit, String threadName) {
        this.ticker = ticker;
        this.draining = new Draining(drainLimit, LOGGER::warn);
        this.thread = new ServiceThread(threadName, this::look);
    }

    /**
     * Starts the thread.
     *
     * @throws dev.kitchen.error.NotReadyException if it cannot be created
     */
    public void start() {
        thread.start();
    }

    public void watch(InFlight inFlight) {
        watched.add(inFlight);
    }

    /** Watches runs of a model, and reports those that do not end after they were stopped. */
    public void watchRuns(InFlight runs, String place) {
        overdueRuns.watch(runs, place);
        watch(runs);
    }

    public void forget(InFlight inFlight) {
        watched.remove(inFlight);
        overdueRuns.forget(inFlight);
    }

    /** A version was taken out of service under its users. */
    public void drains(DrainingVersion model) {
        if (draining.add(model, ticker.nanoTime()) < wakesAtNanos) {
            call();
        }
    }

    /** A version was freed. */
    public void drained(DrainingVersion model) {
        draining.remove(model);
    }

    /** Versions out of service that have calls in flight for longer than the drain limit, in words. */
    public List<String> overdueDrains() {
        return draining.overdue(ticker.nanoTime());
    }

    /** Why deadlines are not held; empty if they are. */
    public Optional<String> problem() {
        return thread.problem();
    }

    /** Versions with runs that have not ended long after they were stopped, in words. */
    public List<String> overdueRuns() {
        return overdueRuns.overdue(ticker.nanoTime());
    }

    /** From now on the kitchen tells itself who does not end. */
    public void stopReportingDrains() {
        reportsDrains = false;
    }

    /** Sees to it that somebody looks at this deadline in time. The call is in flight already. */
    public void expect(CallContext context) {
        if (context.deadlineNanos() < wakesAtNanos) {
            call();
        }
    }

    private void call() {
        called = true;
        thread.unpark();
    }

    /** A run has begun and is in flight. */
    public void noticeRun() {
        if (asleep) {
            asleep = false;
            thread.unpark();
        }
    }

    /** Looks at all calls once, and sleeps until there is something to do; returns whether to go on. */
    private boolean look() {
        called = false;
        // Calls that enter from here on see the far deadline and say so, so there is no sleep below.
        wakesAtNanos = CallContext.NO_DEADLINE;
        long now = ticker.nanoTime();
        long earliest = CallContext.NO_DEADLINE;
        for (InFlight inFlight : watched) {
            earliest = Math.min(earliest, inFlight.stopExpired(now));
        }
        if (reportsDrains) {
            earliest = Math.min(earliest, draining.reportOverdue(now));
        }
        wakesAtNanos = earliest;
        lookForInterrupts();
        if (!closed && !called) {
            sleepUntil(earliest);
        }
        return !closed;
    }

    private void lookForInterrupts() {
        long now = System.nanoTime();
        if (asleep || now - nextTickNanos < 0) {
            return;
        }
        nextTickNanos = now + INTERRUPT_TICK_NANOS;
        quietTicks = quietTicks == QUIET_TICKS_BEFORE_SLEEP ? 1 : quietTicks + 1;
        // Said before looking: a run that is not seen here sees it, and wakes this thread.
        asleep = quietTicks == QUIET_TICKS_BEFORE_SLEEP;
        if (reportsDrains) {
            overdueRuns.look(ticker.nanoTime());
        }
        if (stopInterrupted()) {
            quietTicks = 0;
            asleep = false;
        }
    }

    private boolean stopInterrupted() {
        boolean any = false;
        for (InFlight inFlight : watched) {
            any |= inFlight.stopInterrupted();
        }
        return any;
    }

    private void sleepUntil(long deadlineNanos) {
        long nanos = asleep ? Long.MAX_VALUE : Math.max(1, nextTickNanos - System.nanoTime());
        if (deadlineNanos != CallContext.NO_DEADLINE) {
            nanos = Math.min(nanos, realNanos(deadlineNanos - ticker.nanoTime()));
        }
        if (nanos == Long.MAX_VALUE) {
            LockSupport.park(this);
        } else {
            LockSupport.parkNanos(this, nanos);
        }
    }

    Ticker ticker() {
        return ticker;
    }

    /** How long to sleep for that much time on the ticker before looking at it again. */
    long realNanos(long tickerNanos) {
        return ticker.equals(Ticker.system()) ? tickerNanos : FOREIGN_CLOCK_POLL_NANOS;
    }

    /** Whether the calling thread is the watchdog's. */
    public boolean isCurrent() {
        return thread.isCurrent();
    }

    /** Ends the thread. Does not wait for that. */
    public void close() {
        closed = true;
        thread.unpark();
    }

    /** Waits for the thread to end, but no longer than that; returns whether it has. */
    public boolean awaitEnd(long nanos) {
        return thread.awaitEnd(nanos);
    }
}
