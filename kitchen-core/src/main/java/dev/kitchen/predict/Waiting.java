package dev.kitchen.predict;

import java.util.function.BooleanSupplier;

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
}
