package dev.kitchen.micrometer;

import dev.kitchen.observe.BreakerState;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A version's meters: each is there from its first use on, and all leave with the version. */
final class MetersOfVersion {

    /** From what an answer of the cache takes to what a caller gives up on. */
    private static final Duration[] BUCKETS =
            micros(1, 5, 20, 100, 500, 2_000, 10_000, 50_000, 200_000, 1_000_000, 5_000_000);

    private final MeterRegistry registry;
    private final Tags tags;
    /** By reason, so that a call need not put a name together. */
    private final Map<String, Timer> requests = new ConcurrentHashMap<>();

    private final Map<String, Meter> meters = new ConcurrentHashMap<>();
    private final AtomicLong sessions = new AtomicLong();
    private volatile @Nullable BreakerState breaker;

    MetersOfVersion(MeterRegistry registry, String model, String version) {
        this.registry = registry;
        this.tags = Tags.of("model", model, "version", version);
    }

    private static Duration[] micros(int... bounds) {
        return Arrays.stream(bounds)
                .mapToObj(it -> Duration.of(it, ChronoUnit.MICROS))
                .toArray(Duration[]::new);
    }

    /** How often the version was loaded less how often it was closed. */
    AtomicLong sessions() {
        return sessions;
    }

    Timer requests(String reason) {
        return requests.computeIfAbsent(
                reason,
                it -> it.equals("none")
                        ? requests("success", it)
                                .serviceLevelObjectives(BUCKETS)
                                .register(registry)
                        : requests("error", it).register(registry));
    }

    private Timer.Builder requests(String outcome, String reason) {
        return timer("kitchen.inference.requests", "Predictions, from the moment the endpoint got the request")
                .tags("outcome", outcome, "reason", reason);
    }

    Timer queue() {
        return (Timer) meters.computeIfAbsent(
                "kitchen.inference.queue",
                it -> timer(it, "Of calls that the model ran for, the time before and after")
                        .register(registry));
    }

    Timer execute() {
        return (Timer) meters.computeIfAbsent(
                "kitchen.inference.execute",
                it -> timer(it, "Of calls that the model ran for, the run").register(registry));
    }

    private Timer.Builder timer(String name, String description) {
        return Timer.builder(name).description(description).tags(tags);
    }

    Counter items() {
        String name = "kitchen.inference.items";
        return (Counter) meters.computeIfAbsent(
                name,
                it -> Counter.builder(name)
                        .description("Rows that were asked about")
                        .tags(tags)
                        .register(registry));
    }

    DistributionSummary batchSize() {
        String name = "kitchen.inference.batch.size";
        return (DistributionSummary) meters.computeIfAbsent(
                name,
                it -> DistributionSummary.builder(name)
                        .description("Rows of a run, where the endpoint batches")
                        .tags(tags)
                        .register(registry));
    }

    /** The circuit breaker is in another state now. */
    void breaker(BreakerState now) {
        breaker = now;
        for (BreakerState state : BreakerState.values()) {
            Tags which = Tags.of("state", state.name().toLowerCase(Locale.ROOT));
            gauge("kitchen.circuitbreaker.state", which, () -> breaker == state ? 1 : 0);
        }
    }

    void gauge(String name, Tags more, Supplier<Number> value) {
        meters.computeIfAbsent(
                name + more,
                it -> Gauge.builder(name, value).tags(tags).tags(more).register(registry));
    }

    void remove() {
        requests.values().forEach(registry::remove);
        meters.values().forEach(registry::remove);
    }
}
