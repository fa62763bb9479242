package dev.kitchen.stage.guarding;

import dev.kitchen.guard.CircuitBreakerConfig;
import dev.kitchen.predict.Ticker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Duration;

/** Translates a configuration for resilience4j, which counts the outcomes. */
final class WindowSettings {

    /** The longest duration that resilience4j can add to its clock. */
    private static final Duration LONGEST = Duration.ofDays(365L * 100);

    private WindowSettings() {}

    static io.github.resilience4j.circuitbreaker.CircuitBreakerConfig of(CircuitBreakerConfig config, Ticker ticker) {
        var settings = io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.custom()
                .failureRateThreshold((float) (config.failureRate() * 100))
                .slowCallRateThreshold((float) (config.slowCallRate() * 100))
                .slowCallDurationThreshold(limited(config.slowCallDuration().orElse(LONGEST)))
                .minimumNumberOfCalls(config.minimumCalls())
                .permittedNumberOfCallsInHalfOpenState(config.probes())
                .waitDurationInOpenState(limited(config.openDuration()))
                .clock(new TickerClock(ticker));
        return config.timeWindow()
                .map(window -> settings.slidingWindowType(SlidingWindowType.TIME_BASED)
                        .slidingWindowSize((int) window.toSeconds()))
                .orElseGet(() -> settings.slidingWindowType(SlidingWindowType.COUNT_BASED)
                        .slidingWindowSize(config.countWindow()))
                .build();
    }

    private static Duration limited(Duration duration) {
        return duration.compareTo(LONGEST) < 0 ? duration : LONGEST;
    }

    /** Returns how many calls have to be counted, which is never more than fit into the window. */
    static int effectiveMinimum(CircuitBreakerConfig config) {
        return config.timeWindow().isPresent()
                ? config.minimumCalls()
                : Math.min(config.minimumCalls(), config.countWindow());
    }

    /** Returns the least number of failures that can open the breaker. */
    static int failureThreshold(CircuitBreakerConfig config) {
        return (int) Math.ceil(config.failureRate() * effectiveMinimum(config));
    }
}
