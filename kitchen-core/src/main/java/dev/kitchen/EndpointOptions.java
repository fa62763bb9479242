package dev.kitchen;

import dev.kitchen.batch.Batching;
import dev.kitchen.cache.Caching;
import dev.kitchen.error.ConfigurationException;
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

    private EndpointOptions(Builder builder) {
        this.timeLimit = builder.timeLimit;
        this.caching = builder.caching;
        this.batching = builder.batching;
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

    /** Collects options; not thread-safe. */
    public static final class Builder {

        private Optional<Duration> timeLimit = Optional.empty();
        private Optional<Caching> caching = Optional.empty();
        private Optional<Batching> batching = Optional.empty();

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

        public EndpointOptions build() {
            return new EndpointOptions(this);
        }
    }
}
