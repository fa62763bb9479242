package dev.kitchen.micrometer;

import dev.kitchen.Kitchen;
import dev.kitchen.error.KitchenException;
import dev.kitchen.observe.VersionStatistics;
import dev.kitchen.spi.CacheStatistics;
import dev.kitchen.spi.PredictionCache;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The meters of a kitchen, and which of them belong to which version. */
final class Meters {

    private static final String OTHER = "other";

    private final MeterRegistry registry;
    private final int maxVersions;
    private final Map<Version, MetersOfVersion> versions = new ConcurrentHashMap<>();
    private final Map<String, MetersOfVersion> others = new ConcurrentHashMap<>();
    private final AtomicLong generation = new AtomicLong();
    private volatile @Nullable Kitchen kitchen;

    private record Version(String model, String version) {}

    Meters(MeterRegistry registry, int maxVersions) {
        this.registry = registry;
        this.maxVersions = maxVersions;
        Gauge.builder("kitchen.registry.generation", generation, AtomicLong::doubleValue)
                .register(registry);
    }

    void gauge(Kitchen toAsk) {
        kitchen = toAsk;
    }

    /** The meters that events of a version go to. */
    MetersOfVersion of(String model, String version) {
        MetersOfVersion known = versions.get(new Version(model, version));
        return known == null ? other(model) : known;
    }

    /** Of a version that has left memory, or of one too many: nobody would remove meters of its own. */
    private MetersOfVersion other(String model) {
        boolean room = others.size() < maxVersions || others.containsKey(model);
        String shown = room ? model : OTHER;
        return others.computeIfAbsent(shown, it -> make(new Version(it, OTHER)));
    }

    /** How long looking into the cache took. */
    Timer cacheGet(String model) {
        return Timer.builder("kitchen.cache.get")
                .description("Looking into the cache, whether or not the answer was there")
                .tags("model", model)
                .register(registry);
    }

    /** What a cache holds, under the names that Micrometer gives the meters of all caches. */
    void gauge(PredictionCache cache, String name) {
        counter("cache.gets", cache, CacheStatistics::hits, "cache", name, "result", "hit");
        counter("cache.gets", cache, CacheStatistics::misses, "cache", name, "result", "miss");
        counter("cache.evictions", cache, CacheStatistics::evictions, "cache", name);
        counter("kitchen.cache.errors", cache, CacheStatistics::errors, "cache", name);
        gauge("cache.size", cache, CacheStatistics::entries, name);
        gauge("kitchen.cache.bytes", cache, CacheStatistics::bytes, name);
    }

    private void counter(String name, PredictionCache cache, ToDoubleFunction<CacheStatistics> value, String... tags) {
        FunctionCounter.builder(name, cache, it -> value.applyAsDouble(it.statistics()))
                .tags(tags)
                .register(registry);
    }

    private void gauge(String name, PredictionCache cache, ToDoubleFunction<CacheStatistics> value, String ofCache) {
        Gauge.builder(name, cache, it -> value.applyAsDouble(it.statistics()))
                .tags("cache", ofCache)
                .register(registry);
    }

    Timer load(String model, boolean loaded) {
        return Timer.builder("kitchen.model.load")
                .description("Loading a version")
                .tags("model", model, "outcome", loaded ? "success" : "error")
                .register(registry);
    }

    void loaded(String model, String version) {
        Version key = new Version(model, version);
        versions.compute(key, (it, present) -> {
            if (present == null && versions.size() >= maxVersions) {
                return null;
            }
            MetersOfVersion next = present == null ? withGauges(it) : present;
            next.sessions().incrementAndGet();
            return next;
        });
    }

    private MetersOfVersion make(Version version) {
        return new MetersOfVersion(registry, version.model(), version.version());
    }

    private MetersOfVersion withGauges(Version version) {
        MetersOfVersion added = make(version);
        added.gauge("kitchen.model.ready", Tags.empty(), () -> 1);
        added.gauge("kitchen.model.inflight", Tags.empty(), () -> statistics(version, VersionStatistics::running));
        added.gauge("kitchen.inference.pending", Tags.empty(), () -> statistics(version, VersionStatistics::waiting));
        return added;
    }

    private double statistics(Version version, ToDoubleFunction<VersionStatistics> value) {
        Kitchen asked = kitchen;
        if (asked == null) {
            return Double.NaN;
        }
        try {
            return asked.endpoint(version.model()).statistics().stream()
                    .filter(it -> it.version().equals(version.version()))
                    .mapToDouble(value)
                    .sum();
        } catch (KitchenException e) {
            return Double.NaN;
        }
    }

    void closed(String model, String version) {
        versions.computeIfPresent(new Version(model, version), (it, present) -> {
            if (present.sessions().decrementAndGet() > 0) {
                return present;
            }
            present.remove();
            return null;
        });
    }

    void count(String name, String... tags) {
        registry.counter(name, tags).increment();
    }

    void generation(long now) {
        generation.accumulateAndGet(now, Math::max);
    }
}
