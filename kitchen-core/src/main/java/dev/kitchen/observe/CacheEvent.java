package dev.kitchen.observe;

import java.util.Optional;

/**
 * A cache was asked for an answer, or failed.
 *
 * @param version whose answer was asked for
 * @param hit whether the cache had it
 * @param durationNanos how long the cache took to look, also if that failed; 0 for a failure of anything else
 * @param failure what the cache threw; the call went on without it
 */
public record CacheEvent(String model, String version, boolean hit, long durationNanos, Optional<Throwable> failure) {}
