package dev.kitchen.stage.guarding;

import dev.kitchen.error.RejectedException;
import dev.kitchen.error.RejectedException.Reason;
import dev.kitchen.runtime.CallContext;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A bounded number of permits, and a bounded queue of calls that wait for one, first come, first served. As long as nobody
 * waits, taking and giving back cost one compare-and-set each.
 */
final class RunPermits {

    /** Weight of the newest run in the average: one eighth. */
    private static final int AVERAGE_SHIFT = 3;

    private final String place;
    private final int maxQueued;
    private final Optional<AdaptiveLimit> adaptive;
    /**
     * How many permits are free; below zero, how many calls wait. While calls wait only holders of the lock change it, so
     * that a permit given back goes to the first of them.
     */
    private final AtomicInteger state;

    private final Object lock = new Object();
    private final Set<Waiter> queue = new LinkedHashSet<>();
    private int limit;
    /** How many permits are to vanish when they are given back, because the limit went down. */
    private int excess;

    private volatile long averageNanos;

    /** A call that waits for a permit. */
    static final class Waiter implements BooleanSupplier {

        private final Thread thread = Thread.currentThread();
        private volatile boolean granted;

        private Waiter() {}

        @Override
        public boolean getAsBoolean() {
            return granted;
        }
    }

    RunPermits(String place, int permits, int maxQueued, Optional<AdaptiveLimit> adaptive) {
        this.place = place;
        this.maxQueued = maxQueued;
        this.adaptive = adaptive;
        this.limit = permits;
        this.state = new AtomicInteger(permits);
    }

    /** Takes a permit if one is free; false if calls have to wait. */
    boolean tryAcquire() {
        int free = state.get();
        while (free > 0) {
            if (state.compareAndSet(free, free - 1)) {
                return true;
            }
            free = state.get();
        }
        return false;
    }

    /** Whether so few permits are free that it is worth knowing how long runs take. */
    boolean isBusy() {
        return adaptive.isPresent() || state.get() <= limit / 2;
    }

    /**
     * Stands in line.
     *
     * @return null if there was a permit after all
     * @throws RejectedException if the queue is full, or the call's turn would come too late
     */
    @Nullable
    Waiter enqueue(CallContext context, long nowNanos) {
        synchronized (lock) {
            Waiter waiter = new Waiter();
            boolean waits = false;
            // In the queue first: what fails until it counts as waiting leaves nothing behind.
            queue.add(waiter);
            try {
                waits = countWaiting(context, nowNanos);
                return waits ? waiter : null;
            } finally {
                if (!waits) {
                    queue.remove(waiter);
                }
            }
        }
    }

    /** Counts a call that waits; false if it got a permit. */
    private boolean countWaiting(CallContext context, long nowNanos) {
        int free;
        do {
            free = state.get();
            if (free <= 0) {
                requireRoom(-free, context, nowNanos);
            }
            // One look decides both: a permit that came free after it makes this fail, not the wait.
        } while (!state.compareAndSet(free, free - 1));
        return free <= 0;
    }

    private void requireRoom(int waiting, CallContext context, long nowNanos) {
        if (waiting >= maxQueued) {
            throw new RejectedException(
                    Reason.QUEUE_FULL, place + ": " + waiting + " calls wait already, for " + limit + " runs at once");
        }
        if (!context.hasDeadline()) {
            return;
        }
        double ahead = (waiting + 1.0) / limit;
        double expectedNanos = (ahead + 1) * (double) averageNanos;
        long leftNanos = context.deadlineNanos() - nowNanos;
        if (expectedNanos > (double) leftNanos) {
            throw new RejectedException(
                    Reason.DEADLINE_UNREACHABLE,
                    place + ": an answer would take about " + Math.round(expectedNanos / 1e6) + " ms, with " + waiting
                            + " calls waiting; the call has "
                            + Math.max(0, leftNanos) / 1_000_000.0 + " ms left");
        }
    }

    /** Goes away without running; a permit that came meanwhile goes to the next. */
    void abandon(Waiter waiter) {
        synchronized (lock) {
            if (waiter.granted) {
                giveBack();
            } else {
                queue.remove(waiter);
                state.incrementAndGet();
            }
        }
    }

    /** Gives a permit back. */
    void release() {
        int free = state.get();
        while (free >= 0 && adaptive.isEmpty()) {
            if (state.compareAndSet(free, free + 1)) {
                return;
            }
            free = state.get();
        }
        synchronized (lock) {
            giveBack();
        }
    }

    /** Gives a permit back after a run. */
    void release(long runNanos) {
        long average = averageNanos;
        averageNanos = average == 0 ? runNanos : average + ((runNanos - average) >> AVERAGE_SHIFT);
        if (adaptive.isEmpty()) {
            release();
            return;
        }
        synchronized (lock) {
            adapt(adaptive.get().afterRun(runNanos, !queue.isEmpty()));
            giveBack();
        }
    }

    private void adapt(int wanted) {
        int more = wanted - limit;
        limit = wanted;
        excess -= more;
        while (excess < 0) {
            excess++;
            add();
        }
    }

    private void giveBack() {
        if (excess > 0) {
            excess--;
        } else {
            add();
        }
    }

    private void add() {
        if (queue.isEmpty()) {
            state.incrementAndGet();
            return;
        }
        Iterator<Waiter> first = queue.iterator();
        Waiter waiter = first.next();
        first.remove();
        state.incrementAndGet();
        waiter.granted = true;
        LockSupport.unpark(waiter.thread);
    }
}
