package dev.kitchen.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.Endpoint;
import dev.kitchen.EndpointOptions;
import dev.kitchen.Kitchen;
import dev.kitchen.cache.CacheConfig;
import dev.kitchen.cache.InMemoryCache;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.CallOptions.CacheMode;
import dev.kitchen.predict.Prediction;
import dev.kitchen.redis.RedisCache;
import dev.kitchen.spi.CacheStatistics;
import dev.kitchen.spi.PredictionCache;
import dev.kitchen.tensor.Tensor;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The snippets of docs/guide/caching.md. */
class CachingTest {

    @Test
    void answersEqualRequestsFromTheCache() {
        Tensor flower = Tensor.ofRows(new float[][] {{5.1f, 3.5f, 1.4f, 0.2f}});
        // snippet: caching-configure
        PredictionCache cache = InMemoryCache.ofMaxBytes(256 << 20); // 256 MiB; endpoints may share one
        Kitchen kitchen = Kitchen.builder()
                .models(Path.of("models"))
                .endpoint(
                        "iris",
                        EndpointOptions.builder()
                                .cache(CacheConfig.builder(cache)
                                        .timeToLive(Duration.ofMinutes(10))
                                        .build())
                                .build())
                .open();
        // end
        try (kitchen) {
            // snippet: caching-predict
            Endpoint endpoint = kitchen.endpoint("iris");
            endpoint.predict("input", flower); // the model answers
            Prediction prediction = endpoint.predict("input", flower); // the cache answers
            System.out.println(prediction.source()); // CACHE
            // end
            assertThat(prediction.source()).isEqualTo(Prediction.Source.CACHE);

            // snippet: caching-options
            // The cache is neither read nor written.
            endpoint.predict("input", flower, CallOptions.cacheMode(CacheMode.BYPASS));

            // The model answers, and the cache keeps the answer in place of an older one.
            endpoint.predict("input", flower, CallOptions.cacheMode(CacheMode.REFRESH));

            // Something that belongs to the request besides its inputs.
            CallOptions inFrench =
                    CallOptions.builder().parameter("language", "fr").build();
            endpoint.predict("input", flower, inFrench);
            // end

            // snippet: caching-invalidate
            endpoint.invalidateCache(); // all answers of this endpoint
            endpoint.invalidateCache("4"); // those of one version
            cache.invalidate("fraud-*", "*"); // endpoints and versions by pattern
            CacheStatistics statistics = cache.statistics(); // hits, misses, evictions, entries, bytes, errors
            // end
            assertThat(statistics.hits()).isEqualTo(1);
            assertThat(statistics.entries()).isZero();
        }
    }

    /** Only compiled: it needs a Redis. */
    static Kitchen sharedThroughRedis(Path registry) {
        // snippet: caching-redis
        RedisCache cache = RedisCache.builder("rediss://kitchen:secret@redis.example:6379") // TLS and an ACL user
                .nearBytes(64 << 20) // memory for answers in this JVM, in front of Redis
                .timeout(Duration.ofMillis(50)) // the longest that a request waits for Redis
                .open();
        Kitchen kitchen = Kitchen.builder()
                .models(registry)
                .endpoint(
                        EndpointOptions.ALL,
                        EndpointOptions.builder().cache(CacheConfig.in(cache)).build())
                .open();
        // end
        return kitchen;
    }
}
