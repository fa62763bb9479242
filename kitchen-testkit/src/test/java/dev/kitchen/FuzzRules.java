package dev.kitchen;

import dev.kitchen.error.KitchenException;

/** What calls of the fuzz test may come to besides their answers. */
interface FuzzRules {

    /**
     * Whether everything goes wrong at random: each call has a time limit, callers are interrupted, send rows that the
     * model fails on, and leave results unread.
     */
    default boolean isChaos() {
        return false;
    }

    /** Fails unless a call may be refused, or its run fail, like this. */
    void requireExpected(KitchenException e, boolean poisoned);
}
