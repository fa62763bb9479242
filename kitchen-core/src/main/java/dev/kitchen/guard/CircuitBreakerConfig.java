package dev.kitchen.guard;

import dev.kitchen.base.Checks;
import dev.kitchen.error.ConfigurationException;
import java.time.Duration;
import java.util.Optional;

/**
 * When a circuit breaker keeps calls away from a version that fails. Each loaded version has a breaker of its own. A failure
 * is a run that ends with an {@link dev.kitchen.error.InferenceException} or that runs until its deadline; invalid requests,
 * rejections, cancellations and time spent waiting do not count. Immutable.
 */
public final class CircuitBreakerConfig {

    private static final int MAX_WINDOW_CALLS = 10_000;

    private static final CircuitBreakerConfig DEFAULTS = builder().build();
    private static final CircuitBreakerConfig NONE = new CircuitBreakerConfig(new Builder());

    private final int countWindow;
    private final Optional<Duration> timeWindow;
    private final double failureRate;
    private final int minimumCalls;
    private final double slowCallRate;
    private final Optional<Duration> slowCallDuration;
    private final int probes;
    private final Duration openDuration;
    private final Optional<Factory> factory;

    /** Creates circuit breakers of the application's own. */
    @FunctionalInterface
    public interface Factory {

        /** Returns a new circuit breaker for a version that is being loaded. Called on a thread of the kitchen. */
        CircuitBreaker create(String model, String version);
    }

    private CircuitBreakerConfig(Builder builder) {
        this.countWindow = builder.countWindow;
        this.timeWindow = builder.timeWindow;
        this.failureRate = builder.failureRate;
        this.minimumCalls = builder.minimumCalls;
        this.slowCallRate = builder.slowCallRate;
        this.slowCallDuration = builder.slowCallDuration;
        this.probes = builder.probes;
        this.openDuration = builder.openDuration;
        this.factory = builder.factory;
    }

    /** Returns the default: it opens for 10 seconds when half of the last 100 calls failed, or of at least 20 calls. */
    public static CircuitBreakerConfig defaults() {
        return DEFAULTS;
    }

    /** Returns a configuration without a circuit breaker. */
    public static CircuitBreakerConfig none() {
        return NONE;
    }

    /**
     * Returns a configuration that opens after this many failures in a row, for 60 seconds; then one call probes.
     *
     * @param count 1 to 10,000
     * @throws ConfigurationException if it is out of its range
     */
    public static CircuitBreakerConfig afterFailures(int count) {
        return builder()
                .countWindow(count)
                .minimumCalls(count)
                .failureRate(1)
                .probes(1)
                .openDuration(Duration.ofSeconds(60))
                .build();
    }

    /** Returns a configuration whose breakers the application creates. */
    public static CircuitBreakerConfig by(Factory factory) {
        Builder builder = new Builder();
        builder.factory = Optional.of(factory);
        return new CircuitBreakerConfig(builder);
    }

    /** Returns a builder with all defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns a builder with the settings of this configuration. */
    public Builder toBuilder() {
        Builder copy = new Builder();
        copy.countWindow = countWindow;
        copy.timeWindow = timeWindow;
        copy.failureRate = failureRate;
        copy.minimumCalls = minimumCalls;
        copy.slowCallRate = slowCallRate;
        copy.slowCallDuration = slowCallDuration;
        copy.probes = probes;
        copy.openDuration = openDuration;
        copy.factory = factory;
        return copy;
    }

    /** The number of latest calls that count, unless there is a time window. */
    public int countWindow() {
        return countWindow;
    }

    /** The time during which calls count; empty where a number of calls counts. */
    public Optional<Duration> timeWindow() {
        return timeWindow;
    }

    /** The share of failed calls that opens the breaker. */
    public double failureRate() {
        return failureRate;
    }

    /** The number of calls that have to be counted before the breaker can open. */
    public int minimumCalls() {
        return minimumCalls;
    }

    /** The share of slow calls that opens the breaker, where slow calls count. */
    public double slowCallRate() {
        return slowCallRate;
    }

    /** The duration from which on a run is slow; empty where slow calls do not count. */
    public Optional<Duration> slowCallDuration() {
        return slowCallDuration;
    }

    /** The number of calls that find out whether the model has recovered. */
    public int probes() {
        return probes;
    }

    /** How long the breaker refuses calls before it lets probes through. */
    public Duration openDuration() {
        return openDuration;
    }

    /** What creates breakers in place of Kitchen; empty where Kitchen does. */
    public Optional<Factory> factory() {
        return factory;
    }

    /** Collects settings; not thread-safe. */
    public static final class Builder {

        private int countWindow = 100;
        private Optional<Duration> timeWindow = Optional.empty();
        private double failureRate = 0.5;
        private int minimumCalls = 20;
        private double slowCallRate = 1;
        private Optional<Duration> slowCallDuration = Optional.empty();
        private int probes = 5;
        private Duration openDuration = Duration.ofSeconds(10);
        private Optional<Factory> factory = Optional.empty();

        private Builder() {}

        /**
         * Counts the latest calls. If unset, 100.
         *
         * @param calls 1 to 10,000
         */
        public Builder countWindow(int calls) {
            this.countWindow = calls;
            this.timeWindow = Optional.empty();
            return this;
        }

        /**
         * Counts the calls of the last whole seconds, instead of a number of calls. If unset, a number of calls counts.
         *
         * @param window 1 second to 1 hour
         */
        public Builder timeWindow(Duration window) {
            this.timeWindow = Optional.of(window);
            return this;
        }

        /**
         * Sets the share of calls that have to fail to open the breaker. If unset, 0.5.
         *
         * @param rate above 0, up to 1
         */
        public Builder failureRate(double rate) {
            this.failureRate = rate;
            return this;
        }

        /**
         * Sets how many calls have to be counted before the breaker can open. If unset, 20.
         *
         * @param calls 1 or more
         */
        public Builder minimumCalls(int calls) {
            this.minimumCalls = calls;
            return this;
        }

        /**
         * Opens the breaker also when too many runs are slow, whether they succeed or not. If unset, slow runs do not count.
         *
         * @param rate above 0, up to 1
         * @param longerThan the duration from which on a run is slow, longer than zero
         */
        public Builder slowCalls(double rate, Duration longerThan) {
            this.slowCallRate = rate;
            this.slowCallDuration = Optional.of(longerThan);
            return this;
        }

        /**
         * Sets how many calls find out, after {@link #openDuration}, whether the model has recovered. While they do not
         * end, one more may try each time that duration has passed again. If unset, 5.
         *
         * @param calls 1 to 10,000
         */
        public Builder probes(int calls) {
            this.probes = calls;
            return this;
        }

        /**
         * Sets how long the breaker refuses calls before it lets probes through. If unset, 10 seconds.
         *
         * @param duration 1 ms or more
         */
        public Builder openDuration(Duration duration) {
            this.openDuration = duration;
            return this;
        }

        /**
         * Returns the configuration.
         *
         * @throws ConfigurationException naming every setting that is out of its range
         */
        public CircuitBreakerConfig build() {
            Checks checks = new Checks("circuit breaker");
            checks.requireWithin("countWindow", countWindow, 1, MAX_WINDOW_CALLS);
            timeWindow.ifPresent(
                    window -> checks.requireWithin("timeWindow", window, Duration.ofSeconds(1), Duration.ofHours(1)));
            requireRate(checks, "failureRate", failureRate);
            checks.requireAtLeast("minimumCalls", minimumCalls, 1);
            requireRate(checks, "slowCalls: rate", slowCallRate);
            slowCallDuration.ifPresent(duration -> checks.requirePositive("slowCalls: longerThan", duration));
            checks.requireWithin("probes", probes, 1, MAX_WINDOW_CALLS);
            checks.requireAtLeast("openDuration", openDuration, Duration.ofMillis(1));
            checks.throwIfAny();
            return new CircuitBreakerConfig(this);
        }

        private static void requireRate(Checks checks, String name, double rate) {
            checks.require(rate > 0 && rate <= 1, name, rate, "more than 0, up to 1");
        }
    }
}
