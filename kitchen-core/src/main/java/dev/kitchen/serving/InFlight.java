package dev.kitchen.serving;

import dev.kitchen.predict.CallContext;
import dev.kitchen.predict.CallContext.StopReason;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The calls whose runs are under way, so that the watchdog and a closing kitchen can find them. Entering and leaving
 * cost one compare-and-set each: every thread starts looking for a free slot at a place of its own.
 */
final class InFlight {

    private static final int SLOTS = 64;
    /** References from one slot to the next, so that two threads rarely share a cache line. */
    private static final int STRIDE = 16;

    private static final int OVERFLOW = -1;

    private final AtomicReferenceArray<@Nullable CallContext> slots = new AtomicReferenceArray<>(SLOTS * STRIDE);
    private final Set<CallContext> overflow = ConcurrentHashMap.newKeySet();

    /** Adds a call; returns the ticket to leave with. */
    int enter(CallContext context) {
        int start = (int) (Thread.currentThread().getId() * 0x9E3779B97F4A7C15L >>> 58);
        for (int i = 0; i < SLOTS; i++) {
            int slot = ((start + i) & (SLOTS - 1)) * STRIDE;
            if (slots.get(slot) == null && slots.compareAndSet(slot, null, context)) {
                return slot;
            }
        }
        overflow.add(context);
        return OVERFLOW;
    }

    void leave(int ticket, CallContext context) {
        if (ticket == OVERFLOW) {
            overflow.remove(context);
        } else {
            slots.set(ticket, null);
        }
    }

    /** Stops the calls whose time is over; returns the earliest deadline of the others. */
    long stopExpired(long nowNanos) {
        long earliest = CallContext.NO_DEADLINE;
        for (int slot = 0; slot < slots.length(); slot += STRIDE) {
            CallContext context = slots.get(slot);
            if (context != null) {
                earliest = Math.min(earliest, stopIfExpired(context, nowNanos));
            }
        }
        for (CallContext context : overflow) {
            earliest = Math.min(earliest, stopIfExpired(context, nowNanos));
        }
        return earliest;
    }

    private static long stopIfExpired(CallContext context, long nowNanos) {
        if (context.isExpired(nowNanos)) {
            context.stop(StopReason.DEADLINE);
            return CallContext.NO_DEADLINE;
        }
        return context.deadlineNanos();
    }

    /** Stops all calls; returns how many were not stopped before. */
    int stopAll(StopReason reason) {
        int stopped = 0;
        for (int slot = 0; slot < slots.length(); slot += STRIDE) {
            CallContext context = slots.get(slot);
            stopped += context != null && context.stop(reason) ? 1 : 0;
        }
        for (CallContext context : overflow) {
            stopped += context.stop(reason) ? 1 : 0;
        }
        return stopped;
    }
}
