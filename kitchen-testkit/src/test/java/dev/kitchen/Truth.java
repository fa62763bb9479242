package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.error.KitchenException;
import dev.kitchen.observe.BatchEvent;
import dev.kitchen.observe.BreakerEvent;
import dev.kitchen.observe.CacheEvent;
import dev.kitchen.observe.CloseEvent;
import dev.kitchen.observe.KitchenListener;
import dev.kitchen.observe.LoadEvent;
import dev.kitchen.observe.PredictionEvent;
import dev.kitchen.observe.RegistryEvent;
import dev.kitchen.observe.SwapEvent;
import dev.kitchen.observe.VersionStatistics;
import dev.kitchen.predict.Prediction;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Knows how every call of a test ended, as its caller saw it, and compares that with what a kitchen says: its listener's
 * events and its statistics. Callers wrap each call in {@link #call}, or tell of its end; the truth is a listener too.
 */
final class Truth implements KitchenListener {

    private static final String ANSWER = "none";

    /** Of each model, calls by how they ended: {@code none} or the reason of the failure. */
    private final Map<String, Map<String, LongAdder>> ended = new ConcurrentHashMap<>();

    private final Map<String, Map<String, LongAdder>> told = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> operations = new ConcurrentHashMap<>();

    /** Runs a call, and notes how it ended. */
    Prediction call(String model, Supplier<Prediction> call) {
        try {
            Prediction answer = call.get();
            answered(model);
            return answer;
        } catch (KitchenException e) {
            failed(model, e);
            throw e;
        }
    }

    void answered(String model) {
        count(ended, model, ANSWER);
    }

    /** A call failed, also as the future of an asynchronous one. */
    void failed(String model, Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        count(ended, model, PredictionEvent.reasonOf((KitchenException) cause));
    }

    private static void count(Map<String, Map<String, LongAdder>> counts, String model, String outcome) {
        counts.computeIfAbsent(model, it -> new ConcurrentHashMap<>())
                .computeIfAbsent(outcome, it -> new LongAdder())
                .increment();
    }

    /** How the calls of a model ended, as their callers saw it. */
    Map<String, Long> of(String model) {
        return sums(ended.getOrDefault(model, Map.of()));
    }

    private static Map<String, Long> sums(Map<String, LongAdder> counts) {
        return counts.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, it -> it.getValue().sum(), (a, b) -> a, TreeMap::new));
    }

    /** Fails unless the events of a model's calls agree with what their callers saw, to the last call. */
    void requireEventsAgree(String model) {
        assertThat(sums(told.getOrDefault(model, Map.of())))
                .as("events of %s", model)
                .isEqualTo(of(model));
    }

    /**
     * Fails unless an endpoint's statistics agree with what its callers saw, to the last call. Versions that have left memory
     * took their statistics along, so this is for tests whose versions stay.
     */
    void requireStatisticsAgree(Endpoint endpoint) {
        Map<String, Long> counted = new TreeMap<>();
        for (VersionStatistics version : endpoint.statistics()) {
            if (version.answers() > 0) {
                counted.merge(ANSWER, version.answers(), Long::sum);
            }
            version.failures().forEach((reason, count) -> counted.merge(reason, count, Long::sum));
        }
        assertThat(counted).as("statistics of %s", endpoint.name()).isEqualTo(of(endpoint.name()));
    }

    /** How many operations of the registry were told, by operation and outcome. */
    Map<String, Long> operations() {
        return sums(operations);
    }

    @Override
    public void onPrediction(PredictionEvent event) {
        count(told, event.model(), event.reason());
    }

    @Override
    public void onRegistry(RegistryEvent event) {
        String outcome = event.operation() + (event.failure().isEmpty() ? "" : " failed");
        operations.computeIfAbsent(outcome, it -> new LongAdder()).increment();
    }

    @Override
    public void onLoad(LoadEvent event) {}

    @Override
    public void onClose(CloseEvent event) {}

    @Override
    public void onSwap(SwapEvent event) {}

    @Override
    public void onCache(CacheEvent event) {}

    @Override
    public void onBatch(BatchEvent event) {}

    @Override
    public void onBreaker(BreakerEvent event) {}
}
