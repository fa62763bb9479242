package dev.kitchen.guard;

import dev.kitchen.base.Checks;
import dev.kitchen.error.ConfigurationException;
import java.time.Duration;
import java.util.Optional;

/**
 * How many runs of a version there may be at once, and how many calls may wait for one, first come, first served. A call
 * that would have to wait past its deadline, judging by recent runs, is rejected at once. A run counts until it has really
 * ended, even when no caller waits for it any more. Immutable.
 */
public final class AdmissionConfig {

    private static final AdmissionConfig DEFAULTS = builder().build();
    private static final AdmissionConfig UNLIMITED =
            builder().maxConcurrentRuns(Integer.MAX_VALUE).maxQueued(0).build();

    private final int maxConcurrentRuns;
    private final int maxQueued;
    private final Optional<Duration> targetLatency;

    private AdmissionConfig(Builder builder) {
        this.maxConcurrentRuns = builder.maxConcurrentRuns;
        this.maxQueued = builder.maxQueued;
        this.targetLatency = builder.targetLatency;
    }

    /** Returns the default limits: eight runs per CPU, at least 64, and 10,000 waiting calls. */
    public static AdmissionConfig defaults() {
        return DEFAULTS;
    }

    /** Returns a configuration without limits. */
    public static AdmissionConfig unlimited() {
        return UNLIMITED;
    }

    /** Returns a builder with all defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns a builder with the settings of this configuration. */
    public Builder toBuilder() {
        Builder copy = new Builder();
        copy.maxConcurrentRuns = maxConcurrentRuns;
        copy.maxQueued = maxQueued;
        copy.targetLatency = targetLatency;
        return copy;
    }

    /** The most runs of a version at once. */
    public int maxConcurrentRuns() {
        return maxConcurrentRuns;
    }

    /** The most calls that wait for a run. */
    public int maxQueued() {
        return maxQueued;
    }

    /** The latency of a run that the number of runs adapts to; empty where the number does not change. */
    public Optional<Duration> targetLatency() {
        return targetLatency;
    }

    /** Collects settings; not thread-safe. */
    public static final class Builder {

        private int maxConcurrentRuns = Math.max(64, 8 * Runtime.getRuntime().availableProcessors());
        private int maxQueued = 10_000;
        private Optional<Duration> targetLatency = Optional.empty();

        private Builder() {}

        /**
         * Limits the runs of a version at once. If unset, eight per CPU, at least 64.
         *
         * @param runs 1 or more
         */
        public Builder maxConcurrentRuns(int runs) {
            this.maxConcurrentRuns = runs;
            return this;
        }

        /**
         * Limits the calls that wait for a run. If unset, 10,000.
         *
         * @param calls 0 or more
         */
        public Builder maxQueued(int calls) {
            this.maxQueued = calls;
            return this;
        }

        /**
         * Adapts the number of runs, from 1 up to {@link #maxConcurrentRuns}: a tenth fewer when runs take longer than
         * this on average, one more when they do not and calls had to wait. If unset, the number does not change.
         *
         * @param target longer than zero
         */
        public Builder targetLatency(Duration target) {
            this.targetLatency = Optional.of(target);
            return this;
        }

        /**
         * Returns the configuration.
         *
         * @throws ConfigurationException naming every setting that is out of its range
         */
        public AdmissionConfig build() {
            Checks checks = new Checks("admission");
            checks.requireAtLeast("maxConcurrentRuns", maxConcurrentRuns, 1);
            checks.requireAtLeast("maxQueued", maxQueued, 0);
            targetLatency.ifPresent(target -> checks.requirePositive("targetLatency", target));
            checks.throwIfAny();
            return new AdmissionConfig(this);
        }
    }
}
