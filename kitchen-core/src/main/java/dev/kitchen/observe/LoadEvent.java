package dev.kitchen.observe;

import dev.kitchen.error.KitchenException;
import java.util.Optional;

/**
 * A model that was loaded, or not.
 *
 * @param durationNanos how long loading took
 * @param failure empty where the model is ready
 */
public record LoadEvent(String model, String version, long durationNanos, Optional<KitchenException> failure) {}
