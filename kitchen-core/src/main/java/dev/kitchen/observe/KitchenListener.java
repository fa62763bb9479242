package dev.kitchen.observe;

/**
 * Hears what happens in a kitchen, on the thread where it happens: be quick. What a listener throws is logged and
 * changes nothing.
 */
public interface KitchenListener {

    /** A call ended, with an answer or a failure. */
    default void onPrediction(PredictionEvent event) {}

    /** A model became ready, or turned out not to be loadable. */
    default void onLoad(LoadEvent event) {}

    /** A model's session was freed, or is known to be stuck. */
    default void onClose(CloseEvent event) {}

    /** Another version answers from now on. */
    default void onSwap(SwapEvent event) {}

    /** A cache was asked, or failed. */
    default void onCache(CacheEvent event) {}

    /** A version's circuit breaker opened, closed, or lets calls through to try. */
    default void onBreaker(BreakerEvent event) {}

    /** The registry did something, or refused to, or its document could not be read. */
    default void onRegistry(RegistryEvent event) {}

    /** Calls were answered by one run, or one call by itself, where the endpoint batches. */
    default void onBatch(BatchEvent event) {}
}
