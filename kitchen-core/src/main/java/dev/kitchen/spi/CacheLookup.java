package dev.kitchen.spi;

import dev.kitchen.predict.Ticker;

/** A call that looks into a cache: how long it may wait there, and who is told if the look-up fails. */
public interface CacheLookup {

    /** How much of the call's time is left, in nanoseconds; {@link Long#MAX_VALUE} for a call without a time limit. */
    long nanosLeft();

    /**
     * Returns the time of a clock, as {@link Ticker#nanoTime}. The clock of the call is read at most once per look-up, so
     * that a cache which has the same clock costs no second reading.
     */
    long nanoTime(Ticker clock);

    /** Says that the look-up failed, so that the cache's answer, none, is not taken for a miss. */
    void failed(Throwable failure);
}
