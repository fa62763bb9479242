package dev.kitchen.observe;

/**
 * A run of a model behind batching.
 *
 * @param rows how many rows it had
 * @param requests how many calls they belong to; 1 where a call ran by itself
 * @param durationNanos how long the run took
 */
public record BatchEvent(String model, String version, int rows, int requests, long durationNanos) {}
