package dev.kitchen.micrometer;

import dev.kitchen.Kitchen;
import dev.kitchen.error.KitchenException;
import dev.kitchen.observe.VersionStatistics;
import dev.kitchen.spi.PredictionCache;
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
    private final Map<String, CacheMeters> caches = new ConcurrentHashMap<>();
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

    /** A model's, whichever of its versions was asked. */
    CacheMeters cache(String model) {
        return caches.computeIfAbsent(model, it -> new CacheMeters(registry, it));
    }

    void gauge(PredictionCache cache, String name) {
        CacheMeters.gauge(registry, cache, name);
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
