package dev.kitchen.guard;

import dev.kitchen.base.ForeignCode;
import dev.kitchen.error.ConfigurationException;
import dev.kitchen.observe.KitchenListener;
import dev.kitchen.predict.ModelArtifact;
import dev.kitchen.predict.Predictor;
import dev.kitchen.predict.Ticker;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * When to keep calls away from a version that fails. Each loaded version has a breaker of its own. Failures are runs that
 * end with an {@link dev.kitchen.error.InferenceException} or run until the call's time is over; bad requests, rejections,
 * cancellations and time spent waiting count for nothing. Immutable.
 */
public final class CircuitBreaking {

    private static final CircuitBreaking NONE = new CircuitBreaking(BreakerSettings.LENIENT, null);
    private static final CircuitBreaking LENIENT = builder().build();

    private final BreakerSettings settings;
    private final @Nullable Function<ModelArtifact, CircuitBreaker> breakers;

    private CircuitBreaking(BreakerSettings settings, @Nullable Function<ModelArtifact, CircuitBreaker> breakers) {
        this.settings = settings;
        this.breakers = breakers;
    }

    /** No circuit breaker. */
    public static CircuitBreaking none() {
        return NONE;
    }

    /** Opens for 10 seconds when half of the last 100 calls failed, or of fewer, but at least 20. The default. */
    public static CircuitBreaking lenient() {
        return LENIENT;
    }

    /** Opens after so many failures in a row, for 60 seconds or {@link #openFor} another time; then one call tries. */
    public static CircuitBreaking afterFailures(int count) {
        return builder()
                .countWindow(count)
                .minimumCalls(count)
                .failureRate(1)
                .probes(1)
                .openFor(Duration.ofSeconds(60))
                .build();
    }

    /** Breakers of the application's own making, one per loaded version. */
    public static CircuitBreaking by(Function<ModelArtifact, CircuitBreaker> breakers) {
        return new CircuitBreaking(BreakerSettings.LENIENT, breakers);
    }

    public static Builder builder() {
        return new Builder();
    }

    /**
     * This, open for that long.
     *
     * @param duration 1 ms or more
     */
    public CircuitBreaking openFor(Duration duration) {
        if (this == NONE || breakers != null) {
            throw new ConfigurationException(
                    "circuit breaker: openFor is " + duration + ", expected settings that are Kitchen's own to change");
        }
        BreakerSettings changed = settings.withOpenDuration(duration);
        changed.requireValid();
        return new CircuitBreaking(changed, null);
    }

    /** A breaker for a version; empty if there is to be none. */
    public Optional<CircuitBreaker> breaker(ModelArtifact artifact, Ticker ticker, KitchenListener listener) {
        if (this == NONE) {
            return Optional.empty();
        }
        return Optional.of(breakers == null ? new WindowBreaker(artifact, settings, ticker, listener) : own(artifact));
    }

    private CircuitBreaker own(ModelArtifact artifact) {
        return ForeignCode.call(
                artifact.place() + ": making its circuit breaker failed",
                () -> Objects.requireNonNull(
                        Objects.requireNonNull(breakers).apply(artifact), "the application made no circuit breaker"),
                ConfigurationException::new);
    }

    /** Lets a breaker decide which calls go on. */
    public static Predictor before(Predictor next, CircuitBreaker breaker, ModelArtifact artifact) {
        return new BreakerStage(next, breaker, artifact.place());
    }

    /** What {@link CircuitBreaker#record} has to be told about times, measured around the run itself. */
    public Predictor timed(Predictor run, Ticker ticker) {
        return breakers != null || settings.countsSlowCalls() ? new RunTimer(run, ticker) : run;
    }

    /** Collects settings; not thread-safe. */
    public static final class Builder {

        private BreakerSettings settings = BreakerSettings.LENIENT;

        private Builder() {}

        /** Looks at the last so many calls: 1 to 10,000. If unset, 100. */
        public Builder countWindow(int calls) {
            settings = settings.withCountWindow(calls);
            return this;
        }

        /** Looks at the calls of the last so many whole seconds, instead of a number of calls: 1 second to 1 hour. */
        public Builder timeWindow(Duration window) {
            settings = settings.withTimeWindow(window);
            return this;
        }

        /** The part of the calls that has to fail to open it: above 0, up to 1. If unset, 0.5. */
        public Builder failureRate(double rate) {
            settings = settings.withFailureRate(rate);
            return this;
        }

        /** How many calls it has to have seen before it opens, 1 or more. If unset, 20. */
        public Builder minimumCalls(int calls) {
            settings = settings.withMinimumCalls(calls);
            return this;
        }

        /**
         * Opens also when too many runs are slow, whether they succeed or not. If unset, it does not.
         *
         * @param rate above 0, up to 1
         * @param longerThan what is slow: longer than zero
         */
        public Builder slowCalls(double rate, Duration longerThan) {
            settings = settings.withSlowCalls(rate, longerThan);
            return this;
        }

        /**
         * How many calls try after that time whether the model has recovered: 1 or more. If unset, 5. Where they do not
         * end, one more may try each time that {@link #openFor} has passed again.
         */
        public Builder probes(int calls) {
            settings = settings.withProbes(calls);
            return this;
        }

        /** How long it refuses calls before it tries again: 1 ms or more. If unset, 10 seconds. */
        public Builder openFor(Duration duration) {
            settings = settings.withOpenDuration(duration);
            return this;
        }

        /**
         * The settings.
         *
         * @throws ConfigurationException naming all that is wrong
         */
        public CircuitBreaking build() {
            settings.requireValid();
            return new CircuitBreaking(settings, null);
        }
    }
}
