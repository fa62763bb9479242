package dev.kitchen.guard;

import dev.kitchen.observe.BreakerState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Keeps calls away from a version that fails. Safe for use by many threads. Kitchen asks before a call and tells how it
 * ended, on the caller's thread: both are quick and do not throw.
 */
public interface CircuitBreaker {

    /** What {@link #tryAcquire} returns to a call that may not go on. */
    long REFUSED = -1;

    /** How a call ended. */
    enum Outcome {
        /** With an answer. */
        SUCCESS,
        /** By the model's fault: it failed, or ran until the call's time was over. */
        FAILURE,
        /** Otherwise: says nothing about the model. */
        IGNORED
    }

    /**
     * How a circuit breaker is.
     *
     * @param calls how many are counted now: at most as many as its window holds
     * @param failures how many of them failed
     * @param failureThreshold the least number of failures that can open it
     * @param lastFailure when a call failed last
     * @param openDuration how long it refuses calls before it tries again
     * @param retryIn how long it will go on refusing calls; zero where it does not, or nobody knows
     */
    record Status(
            BreakerState state,
            int calls,
            int failures,
            int failureThreshold,
            Optional<Instant> lastFailure,
            Duration openDuration,
            Duration retryIn) {}

    /**
     * Whether a call may go on.
     *
     * @return {@link #REFUSED}, or a permit that {@link #record} is told, once, however the call ends
     */
    long tryAcquire();

    /**
     * A call that was let through has ended.
     *
     * @param durationNanos how long the model ran for it; 0 where nobody measured that
     */
    void record(long permit, Outcome outcome, long durationNanos);

    Status status();

    /** Refuses all calls until {@link #forceClosed} or {@link #reset}. */
    void forceOpen();

    /** Lets all calls through until {@link #forceOpen} or {@link #reset}. */
    void forceClosed();

    /** Forgets everything, and lets calls through as it did in the beginning. */
    void reset();
}
