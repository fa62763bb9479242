package dev.kitchen.micrometer;

import dev.kitchen.Kitchen;
import dev.kitchen.error.KitchenException;
import dev.kitchen.observe.VersionStatistics;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The meters of a kitchen, and which of them belong to which version. */
final class Meters {

    private static final String OTHER = "other";
    private static final Duration[] OBJECTIVES = objectives(1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500);

    private final MeterRegistry registry;
    private final int maxVersions;
    private final Map<Version, OfVersion> versions = new ConcurrentHashMap<>();
    private final Map<Version, OfVersion> others = new ConcurrentHashMap<>();
    private final AtomicLong generation = new AtomicLong();
    private volatile @Nullable Kitchen kitchen;

    private record Version(String model, String version) {}

    Meters(MeterRegistry registry, int maxVersions) {
        this.registry = registry;
        this.maxVersions = maxVersions;
        Gauge.builder("kitchen.registry.generation", generation, AtomicLong::doubleValue)
                .register(registry);
    }

    /** What a version in memory has: how often it was loaded less how often it was closed, and its meters. */
    private final class OfVersion {

        private final Tags tags;
        private final Map<String, Timer> requests = new ConcurrentHashMap<>();
        private final Queue<Meter> gauges = new ConcurrentLinkedQueue<>();
        private final AtomicLong sessions = new AtomicLong();

        OfVersion(Version version) {
            this.tags = Tags.of("model", version.model(), "version", version.version());
        }

        Timer requests(String reason) {
            return requests.computeIfAbsent(
                    reason,
                    it -> Timer.builder("kitchen.inference.requests")
                            .description("Predictions, from the moment the endpoint got the request")
                            .tags(tags)
                            .tags("outcome", it.equals("none") ? "success" : "error", "reason", it)
                            .serviceLevelObjectives(OBJECTIVES)
                            .publishPercentileHistogram()
                            .register(registry));
        }

        void gauge(String name, ToDoubleFunction<OfVersion> value) {
            gauges.add(Gauge.builder(name, this, value).tags(tags).register(registry));
        }

        void remove() {
            requests.values().forEach(registry::remove);
            gauges.forEach(registry::remove);
        }
    }

    private static Duration[] objectives(int... millis) {
        Duration[] objectives = new Duration[millis.length];
        for (int i = 0; i < millis.length; i++) {
            objectives[i] = Duration.ofMillis(millis[i]);
        }
        return objectives;
    }

    void gauge(Kitchen toAsk) {
        kitchen = toAsk;
    }

    Timer requests(String model, String version, String reason) {
        OfVersion known = versions.get(new Version(model, version));
        return (known == null ? unknown(model, version) : known).requests(reason);
    }

    /** A call of a version that has just left memory, or of one too many. */
    private OfVersion unknown(String model, String version) {
        String shown = versions.size() + others.size() < maxVersions ? version : OTHER;
        Version key = new Version(others.size() < maxVersions ? model : OTHER, shown);
        return others.computeIfAbsent(key, OfVersion::new);
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
            OfVersion next = present == null ? withGauges(it) : present;
            next.sessions.incrementAndGet();
            return next;
        });
    }

    private OfVersion withGauges(Version version) {
        OfVersion added = new OfVersion(version);
        added.gauge("kitchen.model.ready", it -> 1);
        added.gauge("kitchen.model.inflight", it -> statistics(version, VersionStatistics::running));
        added.gauge("kitchen.inference.pending", it -> statistics(version, VersionStatistics::waiting));
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
            if (present.sessions.decrementAndGet() > 0) {
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
