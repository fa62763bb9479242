package dev.kitchen.guard;

import dev.kitchen.base.Checks;
import dev.kitchen.error.ConfigurationException;
import java.time.Duration;

/**
 * How often a call is repeated that failed with an error that is {@linkplain dev.kitchen.error.KitchenException#retryable
 * retryable}, and how long it pauses before. The pause doubles with each attempt and is between half of its full length and
 * all of it, so that callers do not come back together. A call is never repeated after its deadline or after it was
 * stopped. Immutable.
 */
public final class RetryPolicy {

    private static final RetryPolicy NONE = attempts(1);

    private final int maxAttempts;
    private final Duration firstPause;
    private final Duration longestPause;

    private RetryPolicy(Builder builder) {
        this.maxAttempts = builder.maxAttempts;
        this.firstPause = builder.firstPause;
        this.longestPause = builder.longestPause;
    }

    /** Returns a policy that repeats no call: the default. */
    public static RetryPolicy none() {
        return NONE;
    }

    /**
     * Returns a policy with the default pauses.
     *
     * @param most how many attempts a call has in all, 1 or more
     * @throws ConfigurationException if it is less than 1
     */
    public static RetryPolicy attempts(int most) {
        return builder().maxAttempts(most).build();
    }

    /** Returns a builder with all defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns a builder with the settings of this policy. */
    public Builder toBuilder() {
        return builder().maxAttempts(maxAttempts).firstPause(firstPause).longestPause(longestPause);
    }

    /** How many attempts a call has in all. */
    public int maxAttempts() {
        return maxAttempts;
    }

    /** The full pause after the first attempt. */
    public Duration firstPause() {
        return firstPause;
    }

    /** The longest pause. */
    public Duration longestPause() {
        return longestPause;
    }

    /** Collects settings; not thread-safe. */
    public static final class Builder {

        private int maxAttempts = 3;
        private Duration firstPause = Duration.ofMillis(10);
        private Duration longestPause = Duration.ofSeconds(1);

        private Builder() {}

        /**
         * Sets how many attempts a call has in all. If unset, 3.
         *
         * @param attempts 1 or more
         */
        public Builder maxAttempts(int attempts) {
            this.maxAttempts = attempts;
            return this;
        }

        /**
         * Sets the full pause after the first attempt. If unset, 10 ms.
         *
         * @param pause longer than zero
         */
        public Builder firstPause(Duration pause) {
            this.firstPause = pause;
            return this;
        }

        /**
         * Sets the longest pause. If unset, 1 second.
         *
         * @param pause as long as the first one, or longer
         */
        public Builder longestPause(Duration pause) {
            this.longestPause = pause;
            return this;
        }

        /**
         * Returns the policy.
         *
         * @throws ConfigurationException naming every setting that is out of its range
         */
        public RetryPolicy build() {
            Checks checks = new Checks("retry policy");
            checks.requireAtLeast("maxAttempts", maxAttempts, 1);
            checks.requirePositive("firstPause", firstPause);
            checks.require(
                    longestPause.compareTo(firstPause) >= 0,
                    "longestPause",
                    longestPause,
                    "firstPause, which is " + firstPause + ", or more");
            checks.throwIfAny();
            return new RetryPolicy(this);
        }
    }
}
