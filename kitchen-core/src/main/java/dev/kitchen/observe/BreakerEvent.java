package dev.kitchen.observe;

/**
 * A circuit breaker that changed its state.
 *
 * @param failures how many of the calls counted before the change had failed
 * @param calls how many were counted
 */
public record BreakerEvent(String model, String version, BreakerState from, BreakerState to, int failures, int calls) {}
