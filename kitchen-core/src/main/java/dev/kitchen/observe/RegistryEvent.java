package dev.kitchen.observe;

import dev.kitchen.error.KitchenException;
import java.util.Optional;

/**
 * Something was asked of the registry.
 *
 * @param operation {@code deploy}, {@code activate}, {@code rollback} and so on; {@code read} for the document itself
 * @param model empty where it concerns no single one
 * @param durationNanos how long it took
 * @param failure empty where it was done
 */
public record RegistryEvent(String operation, String model, long durationNanos, Optional<KitchenException> failure) {}
