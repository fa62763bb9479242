package dev.kitchen.base;

import java.time.Duration;

/** Durations in nanoseconds, and moments in the future. What does not fit into a {@code long} is the largest that does. */
public final class Nanos {

    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);
    private static final Duration SHORTEST = Duration.ofNanos(Long.MIN_VALUE);

    private Nanos() {}

    /** Returns the duration in nanoseconds. */
    public static long of(Duration duration) {
        if (duration.compareTo(LONGEST) >= 0) {
            return Long.MAX_VALUE;
        }
        return duration.compareTo(SHORTEST) <= 0 ? Long.MIN_VALUE : duration.toNanos();
    }

    /**
     * Returns the moment that is so many nanoseconds after another one.
     *
     * @param nanos zero or more
     * @return {@code Long.MAX_VALUE}, which stands for never, if it is too far away
     */
    public static long after(long now, long nanos) {
        long moment = now + nanos;
        return nanos > 0 && moment < now ? Long.MAX_VALUE : moment;
    }

    /** Returns how long it is until a moment that {@link #after} returned; zero if it has passed. */
    public static long until(long moment, long now) {
        return moment == Long.MAX_VALUE ? Long.MAX_VALUE : Math.max(0, moment - now);
    }
}
