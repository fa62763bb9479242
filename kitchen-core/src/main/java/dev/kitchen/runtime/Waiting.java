package dev.kitchen.runtime;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** How a stage lets a call wait: its deadline, its cancellation and an interrupt find it there. */
@FunctionalInterface
public interface Waiting {

    /**
     * Blocks the calling thread until something is done or the call is stopped, whichever comes first. An interrupt stops
     * the call and stays set.
     *
     * @param done quick; whoever makes it true unparks the thread that waits
     */
    void await(CallContext context, BooleanSupplier done);

    /**
     * Blocks the calling thread until something has ended, also if its call is stopped. An interrupt is kept for later.
     *
     * @param ended quick; whoever makes it true unparks the thread that waits
     */
    static void awaitEnd(BooleanSupplier ended) {
        boolean interrupted = false;
        while (!ended.getAsBoolean()) {
            LockSupport.park(ended);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Works on the calling thread under another context than the call's own, whose deadline and cancellation find it all
     * the same.
     *
     * @param onStop what the call's stop does: quick, does not block, runs at most once, on any thread
     */
    default <T> T attend(CallContext context, Runnable onStop, Supplier<T> work) {
        context.onStop(onStop);
        try {
            return work.get();
        } finally {
            context.clearOnStop();
        }
    }
}
