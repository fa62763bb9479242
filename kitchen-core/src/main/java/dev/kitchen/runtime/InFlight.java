package dev.kitchen.runtime;

import dev.kitchen.runtime.CallContext.StopReason;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The calls whose runs are under way, so that the watchdog and a closing kitchen can find them. Entering and leaving
 * cost one compare-and-set each: every thread starts looking for a free slot at a place of its own. Whoever stops a
 * call holds its slot meanwhile, so that a call that has left is not stopped any more and may be used again.
 */
public final class InFlight {

    private static final int SLOTS = 64;
    /** References from one slot to the next, so that two threads rarely share a cache line. */
    private static final int STRIDE = 16;

    private static final int OVERFLOW = -1;

    /** Stands in a slot while its call is being stopped. */
    private static final CallContext HELD = new CallContext(0, CallContext.NO_DEADLINE);

    private final AtomicReferenceArray<@Nullable CallContext> slots = new AtomicReferenceArray<>(SLOTS * STRIDE);
    private final Set<CallContext> overflow = Collections.newSetFromMap(new IdentityHashMap<>());

    /** Adds a call; returns the ticket to leave with. */
    public int enter(CallContext context) {
        int start = (int) (Thread.currentThread().getId() * 0x9E3779B97F4A7C15L >>> 58);
        for (int i = 0; i < SLOTS; i++) {
            int slot = ((start + i) & (SLOTS - 1)) * STRIDE;
            if (slots.get(slot) == null && slots.compareAndSet(slot, null, context)) {
                return slot;
            }
        }
        synchronized (overflow) {
            overflow.add(context);
        }
        return OVERFLOW;
    }

    /** Removes a call; when this returns, nobody is stopping it and nobody will. */
    public void leave(int ticket, CallContext context) {
        if (ticket == OVERFLOW) {
            synchronized (overflow) {
                overflow.remove(context);
            }
            return;
        }
        while (!slots.compareAndSet(ticket, context, null)) {
            Thread.onSpinWait();
        }
    }

    /** How many there are now; those that come and go meanwhile may be missing. */
    public int count() {
        int count = 0;
        for (int slot = 0; slot < slots.length(); slot += STRIDE) {
            count += slots.get(slot) == null ? 0 : 1;
        }
        synchronized (overflow) {
            return count + overflow.size();
        }
    }

    /** Passes on the calls that were stopped and have not left yet. */
    void forEachStopped(Consumer<CallContext> action) {
        for (int slot = 0; slot < slots.length(); slot += STRIDE) {
            CallContext context = slots.get(slot);
            if (context != null && context.isStopped()) {
                action.accept(context);
            }
        }
        synchronized (overflow) {
            overflow.stream().filter(CallContext::isStopped).forEach(action);
        }
    }

    /** Stops the calls whose time is over; returns the earliest deadline of the others. */
    long stopExpired(long nowNanos) {
        long earliest = CallContext.NO_DEADLINE;
        for (int slot = 0; slot < slots.length(); slot += STRIDE) {
            CallContext context = slots.get(slot);
            if (context != null && context.isExpired(nowNanos)) {
                stopHeld(slot, context, it -> stopExpired(it, nowNanos));
            } else if (context != null) {
                earliest = Math.min(earliest, context.deadlineNanos());
            }
        }
        synchronized (overflow) {
            for (CallContext context : overflow) {
                stopExpired(context, nowNanos);
                if (!context.isExpired(nowNanos)) {
                    earliest = Math.min(earliest, context.deadlineNanos());
                }
            }
        }
        return earliest;
    }

    private static void stopExpired(CallContext context, long nowNanos) {
        if (context.isExpired(nowNanos)) {
            context.stop(StopReason.DEADLINE);
        }
    }

    /** Stops the calls whose threads were interrupted while they ran; returns whether there are any calls at all. */
    boolean stopInterrupted() {
        boolean any = false;
        for (int slot = 0; slot < slots.length(); slot += STRIDE) {
            CallContext context = slots.get(slot);
            any |= context != null;
            if (context != null && context.isInterrupted()) {
                stopHeld(slot, context, InFlight::stopInterrupted);
            }
        }
        synchronized (overflow) {
            for (CallContext context : overflow) {
                any = true;
                stopInterrupted(context);
            }
        }
        return any;
    }

    private static void stopInterrupted(CallContext context) {
        if (context.isInterrupted()) {
            context.stop(StopReason.CANCELLED);
        }
    }

    /**
     * Stops all calls but those that are being stopped now; {@code stopped} counts those that were not stopped before, each
     * before it can leave: whoever
     * sees that all have left sees the whole count.
     */
    public void stopAll(StopReason reason, AtomicInteger stopped) {
        Consumer<CallContext> stop = it -> {
            if (it.stop(reason)) {
                stopped.incrementAndGet();
            }
        };
        for (int slot = 0; slot < slots.length(); slot += STRIDE) {
            CallContext context = slots.get(slot);
            if (context != null) {
                stopHeld(slot, context, stop);
            }
        }
        synchronized (overflow) {
            overflow.forEach(stop);
        }
    }

    /** Stops a call unless it has left, or somebody else is stopping it now. */
    @SuppressWarnings("ReferenceEquality") // it stands for no call
    private void stopHeld(int slot, CallContext context, Consumer<CallContext> stop) {
        if (context == HELD || !slots.compareAndSet(slot, context, HELD)) {
            return;
        }
        try {
            stop.accept(context);
        } finally {
            slots.set(slot, context);
        }
    }
}
