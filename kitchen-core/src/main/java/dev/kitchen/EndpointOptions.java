package dev.kitchen;

import dev.kitchen.base.Checks;
import dev.kitchen.batch.BatchingConfig;
import dev.kitchen.cache.CacheConfig;
import dev.kitchen.error.ConfigurationException;
import dev.kitchen.guard.AdmissionConfig;
import dev.kitchen.guard.CircuitBreakerConfig;
import dev.kitchen.guard.Fallback;
import dev.kitchen.guard.RetryPolicy;
import java.time.Duration;
import java.util.Optional;

/**
 * Settings of one endpoint: time limit, cache, circuit breaker, admission, retries, batching and fallback. A setting that is
 * not set is inherited from the options for {@link #ALL} endpoints, and otherwise has its default. Immutable.
 *
 * <pre>{@code
 * Kitchen.builder()
 *         .endpoint("fraud", EndpointOptions.builder().timeLimit(Duration.ofMillis(50)).build())
 *         .open();
 * }</pre>
 */
public final class EndpointOptions {

    /** The name whose options all endpoints inherit. */
    public static final String ALL = "*";

    private static final EndpointOptions DEFAULTS = builder().build();

    private final Optional<Duration> timeLimit;
    private final Optional<CacheConfig> cache;
    private final Optional<BatchingConfig> batching;
    private final Optional<CircuitBreakerConfig> circuitBreaker;
    private final Optional<AdmissionConfig> admission;
    private final Optional<RetryPolicy> retry;
    private final Optional<Fallback> fallback;

    private EndpointOptions(Builder builder) {
        this.timeLimit = builder.timeLimit;
        this.cache = builder.cache;
        this.batching = builder.batching;
        this.circuitBreaker = builder.circuitBreaker;
        this.admission = builder.admission;
        this.retry = builder.retry;
        this.fallback = builder.fallback;
    }

    /** Returns options of which none is set. */
    public static EndpointOptions defaults() {
        return DEFAULTS;
    }

    /** Returns a builder for options of which none is set. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns a builder with the settings of these options. */
    public Builder toBuilder() {
        Builder copy = new Builder();
        copy.timeLimit = timeLimit;
        copy.cache = cache;
        copy.batching = batching;
        copy.circuitBreaker = circuitBreaker;
        copy.admission = admission;
        copy.retry = retry;
        copy.fallback = fallback;
        return copy;
    }

    /** Returns these options, with those of others where one is not set here. */
    EndpointOptions inherit(EndpointOptions others) {
        Builder merged = new Builder();
        merged.timeLimit = timeLimit.or(others::timeLimit);
        merged.cache = cache.or(others::cache);
        merged.batching = batching.or(others::batching);
        merged.circuitBreaker = circuitBreaker.or(others::circuitBreaker);
        merged.admission = admission.or(others::admission);
        merged.retry = retry.or(others::retry);
        merged.fallback = fallback.or(others::fallback);
        return merged.build();
    }

    /** The time limit of calls that set none; empty if not set. */
    public Optional<Duration> timeLimit() {
        return timeLimit;
    }

    /** How answers are cached; empty if not set. */
    public Optional<CacheConfig> cache() {
        return cache;
    }

    /** How concurrent calls are grouped; empty if not set. */
    public Optional<BatchingConfig> batching() {
        return batching;
    }

    /** When the circuit breaker opens; empty if not set. */
    public Optional<CircuitBreakerConfig> circuitBreaker() {
        return circuitBreaker;
    }

    /** How many calls run and wait at once; empty if not set. */
    public Optional<AdmissionConfig> admission() {
        return admission;
    }

    /** How often a failed call is repeated; empty if not set. */
    public Optional<RetryPolicy> retry() {
        return retry;
    }

    /** What answers in place of a version that fails; empty if not set. */
    public Optional<Fallback> fallback() {
        return fallback;
    }

    /** Collects options; not thread-safe. */
    public static final class Builder {

        private Optional<Duration> timeLimit = Optional.empty();
        private Optional<CacheConfig> cache = Optional.empty();
        private Optional<BatchingConfig> batching = Optional.empty();
        private Optional<CircuitBreakerConfig> circuitBreaker = Optional.empty();
        private Optional<AdmissionConfig> admission = Optional.empty();
        private Optional<RetryPolicy> retry = Optional.empty();
        private Optional<Fallback> fallback = Optional.empty();

        private Builder() {}

        /**
         * Sets the time limit of calls that set none. If unset everywhere, the kitchen's.
         *
         * @param limit longer than zero
         */
        public Builder timeLimit(Duration limit) {
            this.timeLimit = Optional.of(limit);
            return this;
        }

        /** Sets how answers are cached. If unset everywhere, they are not. */
        public Builder cache(CacheConfig config) {
            this.cache = Optional.of(config);
            return this;
        }

        /** Groups concurrent calls into one run of the model. If unset everywhere, each call is a run. */
        public Builder batching(BatchingConfig config) {
            this.batching = Optional.of(config);
            return this;
        }

        /** Sets when the circuit breaker opens. If unset everywhere, {@link CircuitBreakerConfig#defaults}. */
        public Builder circuitBreaker(CircuitBreakerConfig config) {
            this.circuitBreaker = Optional.of(config);
            return this;
        }

        /** Limits the calls that run and wait at once, per version. If unset everywhere, {@link AdmissionConfig#defaults}. */
        public Builder admission(AdmissionConfig config) {
            this.admission = Optional.of(config);
            return this;
        }

        /** Sets how often a failed call is repeated. If unset everywhere, {@link RetryPolicy#none}. */
        public Builder retry(RetryPolicy policy) {
            this.retry = Optional.of(policy);
            return this;
        }

        /** Sets what answers in place of a version that fails. If unset everywhere, the caller gets the failure. */
        public Builder fallback(Fallback standIn) {
            this.fallback = Optional.of(standIn);
            return this;
        }

        /**
         * Returns the options.
         *
         * @throws ConfigurationException if the time limit is out of its range
         */
        public EndpointOptions build() {
            Checks checks = new Checks("endpoint options");
            timeLimit.ifPresent(limit -> checks.requirePositive("timeLimit", limit));
            checks.throwIfAny();
            return new EndpointOptions(this);
        }
    }
}
