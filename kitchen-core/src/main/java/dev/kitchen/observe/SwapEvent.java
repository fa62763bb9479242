package dev.kitchen.observe;

import java.util.Optional;

/**
 * Another version became the one that answers.
 *
 * @param from the version before; empty where none answered
 * @param to the version from now on; empty where the model was taken off the list
 * @param generation of the registry's document that says so
 */
public record SwapEvent(String model, Optional<String> from, Optional<String> to, long generation) {}
