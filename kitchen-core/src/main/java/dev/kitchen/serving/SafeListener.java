package dev.kitchen.serving;

import dev.kitchen.observe.CacheEvent;
import dev.kitchen.observe.CloseEvent;
import dev.kitchen.observe.KitchenListener;
import dev.kitchen.observe.LoadEvent;
import dev.kitchen.observe.PredictionEvent;
import dev.kitchen.observe.RegistryEvent;
import dev.kitchen.observe.SwapEvent;
import java.util.List;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells several listeners, and logs what they throw. */
public final class SafeListener implements KitchenListener {

    private static final Logger LOGGER = LoggerFactory.getLogger(SafeListener.class);

    private final List<KitchenListener> listeners;

    public SafeListener(List<KitchenListener> listeners) {
        this.listeners = List.copyOf(listeners);
    }

    /** Whether nobody listens, so that no event need be made. */
    public boolean isEmpty() {
        return listeners.isEmpty();
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

    private <E> void tell(BiConsumer<KitchenListener, E> method, E event) {
        for (KitchenListener listener : listeners) {
            try {
                method.accept(listener, event);
            } catch (RuntimeException | LinkageError e) {
                LOGGER.warn("listener {} failed on {}", listener.getClass().getName(), event, e);
            }
        }
    }
}
