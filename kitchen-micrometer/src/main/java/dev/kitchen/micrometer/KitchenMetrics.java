package dev.kitchen.micrometer;

import dev.kitchen.Kitchen;
import dev.kitchen.observe.BatchEvent;
import dev.kitchen.observe.BreakerEvent;
import dev.kitchen.observe.CacheEvent;
import dev.kitchen.observe.CloseEvent;
import dev.kitchen.observe.KitchenListener;
import dev.kitchen.observe.LoadEvent;
import dev.kitchen.observe.PredictionEvent;
import dev.kitchen.observe.RegistryEvent;
import dev.kitchen.observe.SwapEvent;
import dev.kitchen.spi.PredictionCache;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Turns a kitchen's events into meters:
 *
 * <pre>{@code
 * KitchenMetrics metrics = KitchenMetrics.in(meterRegistry);
 * Kitchen kitchen = Kitchen.builder().listener(metrics).open();
 * metrics.gauge(kitchen);
 * metrics.gauge(cache, "answers");   // where there is one
 * }</pre>
 *
 * <table>
 * <caption>Meters</caption>
 * <tr><td>{@code kitchen.inference.requests}</td><td>timer, of answers with buckets from 1 microsecond to 5 seconds; model,
 * version, outcome, reason</td></tr>
 * <tr><td>{@code kitchen.inference.queue}, {@code kitchen.inference.execute}</td><td>timers: of calls that
 * the model ran for, the time before and after, and the run; model, version</td></tr>
 * <tr><td>{@code kitchen.inference.fallbacks}</td><td>counter: answers of a fallback, which are among the requests too;
 * model, reason of the failure it stood in for</td></tr>
 * <tr><td>{@code kitchen.inference.items}</td><td>counter: rows that were asked about; model, version</td></tr>
 * <tr><td>{@code kitchen.inference.batch.size}</td><td>summary: rows of a run, where the endpoint batches;
 * model, version</td></tr>
 * <tr><td>{@code kitchen.cache.requests}</td><td>counter; model, result: hit, miss or error</td></tr>
 * <tr><td>{@code kitchen.cache.get}</td><td>timer: looking into the cache; model</td></tr>
 * <tr><td>{@code cache.gets}, {@code cache.evictions}, {@code cache.size}, {@code kitchen.cache.bytes}, {@code
 * kitchen.cache.errors}</td><td>counters and gauges of a cache as a whole; cache, for gets result: hit or miss</td></tr>
 * <tr><td>{@code kitchen.circuitbreaker.state}</td><td>gauge: 1 for the state that it is in, once it has changed; model,
 * version, state</td></tr>
 * <tr><td>{@code kitchen.circuitbreaker.transitions}</td><td>counter; model, to</td></tr>
 * <tr><td>{@code kitchen.model.load}</td><td>timer; model, outcome</td></tr>
 * <tr><td>{@code kitchen.model.ready}</td><td>gauge: 1 while the version is in memory; model, version</td></tr>
 * <tr><td>{@code kitchen.model.inflight}, {@code kitchen.inference.pending}</td><td>gauges: calls inside the model, and
 * calls in a queue; model, version</td></tr>
 * <tr><td>{@code kitchen.model.swaps}</td><td>counter; model</td></tr>
 * <tr><td>{@code kitchen.model.leaks}</td><td>counter: versions whose runs would not stop; model</td></tr>
 * <tr><td>{@code kitchen.registry.operations}</td><td>counter; model, operation, outcome</td></tr>
 * <tr><td>{@code kitchen.registry.generation}</td><td>gauge: of the last swap</td></tr>
 * </table>
 *
 * <p>A version has at most 60 time series. More buckets are a matter of the registry's own filters, for each meter:
 * {@code MeterFilter} with {@code DistributionStatisticConfig.percentilesHistogram}.
 *
 * <p>The meters of a version are removed when it leaves memory. No more than {@value #MAX_VERSIONS} versions have meters
 * at one time; calls of further ones, and what comes late, are counted under the version {@code other}. Safe for use by many threads.
 */
public final class KitchenMetrics implements KitchenListener {

    /** How many versions have meters of their own at one time. */
    public static final int MAX_VERSIONS = 200;

    private final Meters meters;

    private KitchenMetrics(MeterRegistry registry) {
        this.meters = new Meters(registry, MAX_VERSIONS);
    }

    /** Meters in that registry. */
    public static KitchenMetrics in(MeterRegistry registry) {
        return new KitchenMetrics(registry);
    }

    /** Lets the gauges of running and waiting calls ask a kitchen; until then they say nothing. */
    public void gauge(Kitchen kitchen) {
        meters.gauge(kitchen);
    }

    /**
     * Meters of a cache as a whole, which endpoints may share.
     *
     * @param name what to call it in the tag {@code cache}
     */
    public void gauge(PredictionCache cache, String name) {
        meters.gauge(cache, name);
    }

    @Override
    public void onPrediction(PredictionEvent event) {
        MetersOfVersion version = meters.of(event.model(), event.version());
        version.requests(event.reason()).record(event.durationNanos(), TimeUnit.NANOSECONDS);
        version.items().increment(event.rows());
        event.replaced()
                .ifPresent(it -> meters.count(
                        "kitchen.inference.fallbacks", "model", event.model(), "reason", PredictionEvent.reasonOf(it)));
        if (event.runNanos() > 0) {
            version.execute().record(event.runNanos(), TimeUnit.NANOSECONDS);
            version.queue().record(Math.max(0, event.durationNanos() - event.runNanos()), TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void onCache(CacheEvent event) {
        meters.cache(event.model()).record(event);
    }

    @Override
    public void onBatch(BatchEvent event) {
        meters.of(event.model(), event.version()).batchSize().record(event.rows());
    }

    @Override
    public void onBreaker(BreakerEvent event) {
        String to = event.to().name().toLowerCase(Locale.ROOT);
        meters.count("kitchen.circuitbreaker.transitions", "model", event.model(), "to", to);
        meters.of(event.model(), event.version()).breaker(event.to());
    }

    @Override
    public void onLoad(LoadEvent event) {
        boolean loaded = event.failure().isEmpty();
        meters.load(event.model(), loaded).record(Duration.ofNanos(event.durationNanos()));
        if (loaded) {
            meters.loaded(event.model(), event.version());
        }
    }

    @Override
    public void onClose(CloseEvent event) {
        if (event.leaked()) {
            meters.count("kitchen.model.leaks", "model", event.model());
        } else {
            meters.closed(event.model(), event.version());
        }
    }

    @Override
    public void onSwap(SwapEvent event) {
        meters.count("kitchen.model.swaps", "model", event.model());
        meters.generation(event.generation());
    }

    @Override
    public void onRegistry(RegistryEvent event) {
        meters.count(
                "kitchen.registry.operations",
                "model",
                event.model(),
                "operation",
                event.operation(),
                "outcome",
                event.failure().isEmpty() ? "success" : "error");
    }
}
