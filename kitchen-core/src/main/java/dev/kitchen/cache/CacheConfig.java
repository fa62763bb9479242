package dev.kitchen.cache;

import dev.kitchen.base.Checks;
import dev.kitchen.error.ConfigurationException;
import dev.kitchen.spi.PredictionCache;
import java.time.Duration;

/**
 * How the answers of an endpoint are cached. Equal requests that arrive while the model runs for one of them share that
 * run. Only answers of the model are kept: no failures and no answers of fallbacks. Immutable.
 *
 * <pre>{@code
 * EndpointOptions.builder()
 *         .cache(CacheConfig.builder(InMemoryCache.ofMaxBytes(64 << 20)).timeToLive(Duration.ofMinutes(10)).build())
 * }</pre>
 */
public final class CacheConfig {

    private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

    private final PredictionCache cache;
    private final Duration timeToLive;

    private CacheConfig(Builder builder) {
        this.cache = builder.cache;
        this.timeToLive = builder.timeToLive;
    }

    /** Returns a configuration that keeps answers in this cache, which endpoints may share, for as long as it keeps them. */
    public static CacheConfig in(PredictionCache cache) {
        return builder(cache).build();
    }

    /** Returns a builder for a configuration that keeps answers in this cache, which endpoints may share. */
    public static Builder builder(PredictionCache cache) {
        return new Builder(cache);
    }

    /** Returns a builder with the settings of this configuration. */
    public Builder toBuilder() {
        return builder(cache).timeToLive(timeToLive);
    }

    /** The cache that keeps the answers. */
    public PredictionCache cache() {
        return cache;
    }

    /** The greatest age of an answer that is returned from the cache. */
    public Duration timeToLive() {
        return timeToLive;
    }

    /** Collects settings; not thread-safe. */
    public static final class Builder {

        private final PredictionCache cache;
        private Duration timeToLive = FOREVER;

        private Builder(PredictionCache cache) {
            this.cache = cache;
        }

        /**
         * Sets the greatest age of an answer. If unset, an answer stays until the cache needs its memory.
         *
         * @param longest longer than zero
         */
        public Builder timeToLive(Duration longest) {
            this.timeToLive = longest;
            return this;
        }

        /**
         * Returns the configuration.
         *
         * @throws ConfigurationException naming every setting that is out of its range
         */
        public CacheConfig build() {
            Checks checks = new Checks("cache");
            checks.requirePositive("timeToLive", timeToLive);
            checks.throwIfAny();
            return new CacheConfig(this);
        }
    }
}
