package dev.kitchen.guard;

import dev.kitchen.base.Nanos;
import dev.kitchen.error.ConfigurationException;
import dev.kitchen.predict.Ticker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The numbers of a circuit breaker.
 *
 * @param windowCalls how many calls it looks at, unless there is a time window
 * @param slowCallRate 1 and above only where slow calls count
 */
record BreakerSettings(
        int windowCalls,
        Optional<Duration> timeWindow,
        double failureRate,
        int minimumCalls,
        double slowCallRate,
        Optional<Duration> slowerThan,
        int probes,
        Duration openDuration) {

    static final BreakerSettings LENIENT =
            new BreakerSettings(100, Optional.empty(), 0.5, 20, 1, Optional.empty(), 5, Duration.ofSeconds(10));

    private static final int MAX_WINDOW_CALLS = 10_000;
    /** What the library that counts can add to its clock. */
    private static final Duration LONGEST = Duration.ofDays(365L * 100);

    BreakerSettings withCountWindow(int calls) {
        return new BreakerSettings(
                calls, Optional.empty(), failureRate, minimumCalls, slowCallRate, slowerThan, probes, openDuration);
    }

    BreakerSettings withTimeWindow(Duration window) {
        return new BreakerSettings(
                windowCalls,
                Optional.of(window),
                failureRate,
                minimumCalls,
                slowCallRate,
                slowerThan,
                probes,
                openDuration);
    }

    BreakerSettings withFailureRate(double rate) {
        return new BreakerSettings(
                windowCalls, timeWindow, rate, minimumCalls, slowCallRate, slowerThan, probes, openDuration);
    }

    BreakerSettings withMinimumCalls(int calls) {
        return new BreakerSettings(
                windowCalls, timeWindow, failureRate, calls, slowCallRate, slowerThan, probes, openDuration);
    }

    BreakerSettings withSlowCalls(double rate, Duration longerThan) {
        return new BreakerSettings(
                windowCalls,
                timeWindow,
                failureRate,
                minimumCalls,
                rate,
                Optional.of(longerThan),
                probes,
                openDuration);
    }

    BreakerSettings withProbes(int calls) {
        return new BreakerSettings(
                windowCalls, timeWindow, failureRate, minimumCalls, slowCallRate, slowerThan, calls, openDuration);
    }

    BreakerSettings withOpenDuration(Duration duration) {
        return new BreakerSettings(
                windowCalls, timeWindow, failureRate, minimumCalls, slowCallRate, slowerThan, probes, duration);
    }

    boolean countsSlowCalls() {
        return slowerThan.isPresent();
    }

    /** From how many nanoseconds on a call is slow. */
    long slowNanos() {
        return slowerThan.map(Nanos::of).orElse(Long.MAX_VALUE);
    }

    /** How many calls it has to have seen, which is never more than fit into its window. */
    int effectiveMinimum() {
        return timeWindow.isPresent() ? minimumCalls : Math.min(minimumCalls, windowCalls);
    }

    /** The least number of failures that can open it. */
    int failureThreshold() {
        return (int) Math.ceil(failureRate * effectiveMinimum());
    }

    void requireValid() {
        List<String> problems = new ArrayList<>();
        requireWithin(problems, "countWindow", windowCalls, 1, MAX_WINDOW_CALLS);
        timeWindow.ifPresent(
                it -> requireWithin(problems, "timeWindow", it, Duration.ofSeconds(1), Duration.ofHours(1)));
        requireRate(problems, "failureRate", failureRate);
        requireWithin(problems, "minimumCalls", minimumCalls, 1, Integer.MAX_VALUE);
        requireRate(problems, "slowCalls: rate", slowCallRate);
        slowerThan.ifPresent(it -> requireAtLeast(problems, "slowCalls: longerThan", it, Duration.ofNanos(1)));
        requireWithin(problems, "probes", probes, 1, MAX_WINDOW_CALLS);
        requireAtLeast(problems, "openFor", openDuration, Duration.ofMillis(1));
        if (!problems.isEmpty()) {
            throw new ConfigurationException("circuit breaker: " + String.join("; ", problems));
        }
    }

    private static <T extends Comparable<T>> void requireWithin(
            List<String> problems, String name, T value, T least, T most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            problems.add(name + " is " + value + ", expected " + least + " to " + most);
        }
    }

    private static void requireAtLeast(List<String> problems, String name, Duration value, Duration least) {
        if (value.compareTo(least) < 0) {
            problems.add(name + " is " + value + ", expected " + least + " or more");
        }
    }

    private static Duration shorter(Duration duration) {
        return duration.compareTo(LONGEST) < 0 ? duration : LONGEST;
    }

    private static void requireRate(List<String> problems, String name, double rate) {
        if (!(rate > 0 && rate <= 1)) {
            problems.add(name + " is " + rate + ", expected more than 0, up to 1");
        }
    }

    /** The same for the library that counts. */
    CircuitBreakerConfig config(Ticker ticker) {
        CircuitBreakerConfig.Builder config = CircuitBreakerConfig.custom()
                .failureRateThreshold((float) (failureRate * 100))
                .slowCallRateThreshold((float) (slowCallRate * 100))
                .slowCallDurationThreshold(shorter(slowerThan.orElse(LONGEST)))
                .minimumNumberOfCalls(minimumCalls)
                .permittedNumberOfCallsInHalfOpenState(probes)
                .waitDurationInOpenState(shorter(openDuration))
                .clock(new TickerClock(ticker));
        return timeWindow
                .map(it ->
                        config.slidingWindowType(SlidingWindowType.TIME_BASED).slidingWindowSize((int) it.toSeconds()))
                .orElseGet(() ->
                        config.slidingWindowType(SlidingWindowType.COUNT_BASED).slidingWindowSize(windowCalls))
                .build();
    }
}
