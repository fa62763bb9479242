package dev.kitchen.observe;

/** What a circuit breaker does with calls. */
public enum BreakerState {
    /** Lets them through, and counts how they end. */
    CLOSED,
    /** Refuses them, because too many failed. */
    OPEN,
    /** Lets a few through to see whether the model has recovered. */
    HALF_OPEN,
    /** Lets them through because somebody said so; counts nothing. */
    FORCED_CLOSED,
    /** Refuses them because somebody said so. */
    FORCED_OPEN
}
