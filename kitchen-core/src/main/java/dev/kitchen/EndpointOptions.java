package dev.kitchen;

import dev.kitchen.batch.Batching;
import dev.kitchen.cache.Caching;
import dev.kitchen.error.ConfigurationException;
import dev.kitchen.guard.Admission;
import dev.kitchen.guard.CircuitBreaking;
import dev.kitchen.guard.Retrying;
import java.time.Duration;
import java.util.Optional;

/**
 * What stands between callers and one model. Immutable; made by a {@link Builder}.
 *
 * <pre>{@code
 * Kitchen.builder()
 *         .endpoint("fraud", EndpointOptions.builder().timeLimit(Duration.ofMillis(50)).build())
 *         .open();
 * }</pre>
 */
public final class EndpointOptions {

    /** The name that stands for all models without options of their own. */
    public static final String ALL = "*";

    private static final EndpointOptions DEFAULTS = builder().build();

    private final Optional<Duration> timeLimit;
    private final Optional<Caching> caching;
    private final Optional<Batching> batching;
    private final CircuitBreaking circuitBreaker;
    private final Admission admission;
    private final Retrying retry;
    private final Optional<Fallback> fallback;

    private EndpointOptions(Builder builder) {
        this.timeLimit = builder.timeLimit;
        this.caching = builder.caching;
        this.batching = builder.batching;
        this.circuitBreaker = builder.circuitBreaker;
        this.admission = builder.admission;
        this.retry = builder.retry;
        this.fallback = builder.fallback;
    }

    /** What holds where nothing is said. */
    public static EndpointOptions defaults() {
        return DEFAULTS;
    }

    public static Builder builder() {
        return new Builder();
    }

    Optional<Duration> timeLimit() {
        return timeLimit;
    }

    Optional<Caching> caching() {
        return caching;
    }

    Optional<Batching> batching() {
        return batching;
    }

    CircuitBreaking circuitBreaker() {
        return circuitBreaker;
    }

    Admission admission() {
        return admission;
    }

    Retrying retry() {
        return retry;
    }

    Optional<Fallback> fallback() {
        return fallback;
    }

    /** Collects options; not thread-safe. */
    public static final class Builder {

        private Optional<Duration> timeLimit = Optional.empty();
        private Optional<Caching> caching = Optional.empty();
        private Optional<Batching> batching = Optional.empty();
        private CircuitBreaking circuitBreaker = CircuitBreaking.lenient();
        private Admission admission = Admission.usual();
        private Retrying retry = Retrying.attempts(1);
        private Optional<Fallback> fallback = Optional.empty();

        private Builder() {}

        /**
         * The time limit of calls that bring none. If unset, the kitchen's.
         *
         * @param limit longer than zero
         */
        public Builder timeLimit(Duration limit) {
            if (limit.isZero() || limit.isNegative()) {
                throw new ConfigurationException("timeLimit is " + limit + ", expected more than zero");
            }
            this.timeLimit = Optional.of(limit);
            return this;
        }

        /** How answers are cached. If unset, they are not. */
        public Builder cache(Caching how) {
            this.caching = Optional.of(how);
            return this;
        }

        /** Puts concurrent calls together into one run of the model. If unset, each call is a run. */
        public Builder batching(Batching how) {
            this.batching = Optional.of(how);
            return this;
        }

        /** When to keep calls away from a version that fails. If unset, {@link CircuitBreaking#lenient}. */
        public Builder circuitBreaker(CircuitBreaking breaking) {
            this.circuitBreaker = breaking;
            return this;
        }

        /** How many calls may run and wait at once, per loaded version. If unset, {@link Admission#usual}. */
        public Builder admission(Admission limits) {
            this.admission = limits;
            return this;
        }

        /** How often to try again what may succeed a little later. If unset, never. */
        public Builder retry(Retrying retrying) {
            this.retry = retrying;
            return this;
        }

        /** Who answers in place of a version that does not. If unset, nobody. */
        public Builder fallback(Fallback standIn) {
            this.fallback = Optional.of(standIn);
            return this;
        }

        public EndpointOptions build() {
            return new EndpointOptions(this);
        }
    }
}
