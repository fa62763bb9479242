package dev.kitchen.observe;

/**
 * A model that left service, or was loaded and did not come into it.
 *
 * @param terminatedRuns how many of its runs were stopped because they outlasted the drain limit
 * @param leaked whether a run would not even stop: the session then stays in memory until that run ends
 */
public record CloseEvent(String model, String version, int terminatedRuns, boolean leaked) {}
