package dev.kitchen.spi;

/** A call that looks into a cache: how long it may wait there, and who is told if the look-up fails. */
public interface CacheLookup {

    /** How much of the call's time is left, in nanoseconds; {@link Long#MAX_VALUE} for a call without a time limit. */
    long nanosLeft();

    /** Says that the look-up failed, so that the cache's answer, none, is not taken for a miss. */
    void failed(Throwable failure);
}
