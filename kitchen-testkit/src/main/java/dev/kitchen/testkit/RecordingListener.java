package dev.kitchen.testkit;

import dev.kitchen.observe.BatchEvent;
import dev.kitchen.observe.BreakerEvent;
import dev.kitchen.observe.CacheEvent;
import dev.kitchen.observe.CloseEvent;
import dev.kitchen.observe.KitchenListener;
import dev.kitchen.observe.LoadEvent;
import dev.kitchen.observe.PredictionEvent;
import dev.kitchen.observe.RegistryEvent;
import dev.kitchen.observe.SwapEvent;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers every event, in the order they came. Safe for use by many threads. */
public final class RecordingListener implements KitchenListener {

    private final List<PredictionEvent> predictions = new CopyOnWriteArrayList<>();
    private final List<LoadEvent> loads = new CopyOnWriteArrayList<>();
    private final List<CloseEvent> closes = new CopyOnWriteArrayList<>();
    private final List<SwapEvent> swaps = new CopyOnWriteArrayList<>();
    private final List<CacheEvent> cacheEvents = new CopyOnWriteArrayList<>();
    private final List<RegistryEvent> registryEvents = new CopyOnWriteArrayList<>();
    private final List<BatchEvent> batches = new CopyOnWriteArrayList<>();

    private final List<BreakerEvent> breakers = new CopyOnWriteArrayList<>();

    public RecordingListener() {}

    @Override
    public void onPrediction(PredictionEvent event) {
        predictions.add(event);
    }

    @Override
    public void onLoad(LoadEvent event) {
        loads.add(event);
    }

    @Override
    public void onClose(CloseEvent event) {
        closes.add(event);
    }

    @Override
    public void onSwap(SwapEvent event) {
        swaps.add(event);
    }

    @Override
    public void onCache(CacheEvent event) {
        cacheEvents.add(event);
    }

    @Override
    public void onRegistry(RegistryEvent event) {
        registryEvents.add(event);
    }

    @Override
    public void onBatch(BatchEvent event) {
        batches.add(event);
    }

    public List<BatchEvent> batches() {
        return List.copyOf(batches);
    }

    @Override
    public void onBreaker(BreakerEvent event) {
        breakers.add(event);
    }

    public List<PredictionEvent> predictions() {
        return List.copyOf(predictions);
    }

    public List<LoadEvent> loads() {
        return List.copyOf(loads);
    }

    public List<CloseEvent> closes() {
        return List.copyOf(closes);
    }

    public List<SwapEvent> swaps() {
        return List.copyOf(swaps);
    }

    public List<CacheEvent> cacheEvents() {
        return List.copyOf(cacheEvents);
    }

    public List<RegistryEvent> registryEvents() {
        return List.copyOf(registryEvents);
    }

    public List<BreakerEvent> breakers() {
        return List.copyOf(breakers);
    }
}
