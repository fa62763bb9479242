package dev.kitchen.serving;

import dev.kitchen.base.ForeignCode;
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
import java.util.function.BiConsumer;
import jdk.jfr.FlightRecorder;

/** Tells several listeners, and the JDK's flight recorder while it records; logs what they throw. */
public final class SafeListener implements KitchenListener {

    private static final boolean HAS_RECORDER =
            ModuleLayer.boot().findModule("jdk.jfr").isPresent();

    private final List<KitchenListener> listeners;

    public SafeListener(List<KitchenListener> listeners) {
        this.listeners = List.copyOf(listeners);
    }

    /** Whether nobody listens, so that no event need be made. */
    public boolean isEmpty() {
        return listeners.isEmpty() && !isRecording();
    }

    /** Not every run-time image has the recorder. */
    private static boolean isRecording() {
        return HAS_RECORDER && FlightRecorder.isInitialized();
    }

    private static final class Recorder {

        private static final KitchenListener RECORDS = new FlightRecords();
    }

    @Override
    public void onPrediction(PredictionEvent event) {
        tell(KitchenListener::onPrediction, event);
    }

    @Override
    public void onLoad(LoadEvent event) {
        tell(KitchenListener::onLoad, event);
    }

    @Override
    public void onClose(CloseEvent event) {
        tell(KitchenListener::onClose, event);
    }

    @Override
    public void onSwap(SwapEvent event) {
        tell(KitchenListener::onSwap, event);
    }

    @Override
    public void onCache(CacheEvent event) {
        tell(KitchenListener::onCache, event);
    }

    @Override
    public void onRegistry(RegistryEvent event) {
        tell(KitchenListener::onRegistry, event);
    }

    @Override
    public void onBatch(BatchEvent event) {
        tell(KitchenListener::onBatch, event);
    }

    @Override
    public void onBreaker(BreakerEvent event) {
        tell(KitchenListener::onBreaker, event);
    }

    private <E> void tell(BiConsumer<KitchenListener, E> method, E event) {
        for (KitchenListener listener : listeners) {
            tell(listener, method, event);
        }
        if (isRecording()) {
            tell(Recorder.RECORDS, method, event);
        }
    }

    private static <E> void tell(KitchenListener listener, BiConsumer<KitchenListener, E> method, E event) {
        // Not in words of the event's: its own texts may be foreign, and long.
        ForeignCode.attempt("listener " + listener.getClass().getName(), () -> method.accept(listener, event));
    }
}
