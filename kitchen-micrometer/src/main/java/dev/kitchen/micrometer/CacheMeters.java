package dev.kitchen.micrometer;

import dev.kitchen.observe.CacheEvent;
import dev.kitchen.spi.CacheStatistics;
import dev.kitchen.spi.PredictionCache;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** What a model's calls found in its cache. */
final class CacheMeters {

    private final Counter hits;
    private final Counter misses;
    private final Counter errors;
    private final Timer gets;

    CacheMeters(MeterRegistry registry, String model) {
        this.hits = requests(registry, model, "hit");
        this.misses = requests(registry, model, "miss");
        this.errors = requests(registry, model, "error");
        this.gets = Timer.builder("kitchen.cache.get")
                .description("Looking into the cache, whether or not the answer was there")
                .tags("model", model)
                .register(registry);
    }

    private static Counter requests(MeterRegistry registry, String model, String result) {
        return Counter.builder("kitchen.cache.requests")
                .description(
                        "What came of looking into the cache; an error also where a mark or an answer was not taken")
                .tags("model", model, "result", result)
                .register(registry);
    }

    void record(CacheEvent event) {
        if (event.failure().isPresent()) {
            errors.increment();
        } else {
            (event.hit() ? hits : misses).increment();
            gets.record(event.durationNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** What a cache holds as a whole, under the names that Micrometer gives the meters of all caches. */
    static void gauge(MeterRegistry registry, PredictionCache cache, String name) {
        Tags tags = Tags.of("cache", name);
        counter(registry, "cache.gets", tags.and("result", "hit"), cache, CacheStatistics::hits);
        counter(registry, "cache.gets", tags.and("result", "miss"), cache, CacheStatistics::misses);
        counter(registry, "cache.evictions", tags, cache, CacheStatistics::evictions);
        counter(registry, "kitchen.cache.errors", tags, cache, CacheStatistics::errors);
        gauge(registry, "cache.size", tags, cache, CacheStatistics::entries);
        gauge(registry, "kitchen.cache.bytes", tags, cache, CacheStatistics::bytes);
    }

    private static void counter(
            MeterRegistry registry,
            String name,
            Tags tags,
            PredictionCache cache,
            ToDoubleFunction<CacheStatistics> value) {
        FunctionCounter.builder(name, cache, it -> value.applyAsDouble(it.statistics()))
                .tags(tags)
                .register(registry);
    }

    private static void gauge(
            MeterRegistry registry,
            String name,
            Tags tags,
            PredictionCache cache,
            ToDoubleFunction<CacheStatistics> value) {
        Gauge.builder(name, cache, it -> value.applyAsDouble(it.statistics()))
                .tags(tags)
                .register(registry);
    }
}
