package dev.kitchen.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.ConfigurationException;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class BreakerSettingsTest {

    private static final BreakerSettings USUAL = BreakerSettings.LENIENT;

    @Test
    void takesTheLeastAndTheMostOfEverything() {
        List<BreakerSettings> edges = List.of(
                USUAL.withCountWindow(1),
                USUAL.withCountWindow(10_000),
                USUAL.withTimeWindow(Duration.ofSeconds(1)),
                USUAL.withTimeWindow(Duration.ofHours(1)),
                USUAL.withFailureRate(Double.MIN_VALUE),
                USUAL.withFailureRate(1),
                USUAL.withMinimumCalls(1),
                USUAL.withSlowCalls(1, Duration.ofNanos(1)),
                USUAL.withProbes(1),
                USUAL.withProbes(10_000),
                USUAL.withOpenDuration(Duration.ofMillis(1)));

        assertThat(edges).allSatisfy(it -> assertThatCode(it::requireValid).doesNotThrowAnyException());
    }

    @Test
    void refusesLessThanTheLeastAndMoreThanTheMost() {
        refuses(USUAL.withCountWindow(10_001), "countWindow is 10001, expected 1 to 10000");
        refuses(USUAL.withTimeWindow(Duration.ofMillis(999)), "timeWindow is PT0.999S, expected PT1S to PT1H");
        refuses(USUAL.withTimeWindow(Duration.ofHours(2)), "timeWindow is PT2H, expected PT1S to PT1H");
        refuses(USUAL.withFailureRate(0), "failureRate is 0.0, expected more than 0, up to 1");
        refuses(USUAL.withFailureRate(Double.NaN), "failureRate is NaN, expected more than 0, up to 1");
        refuses(USUAL.withMinimumCalls(0), "minimumCalls is 0, expected 1 to 2147483647");
        refuses(
                USUAL.withSlowCalls(0, Duration.ZERO),
                "slowCalls: rate is 0.0, expected more than 0, up to 1; slowCalls: longerThan is PT0S, expected"
                        + " PT0.000000001S or more");
        refuses(USUAL.withProbes(10_001), "probes is 10001, expected 1 to 10000");
    }

    private static void refuses(BreakerSettings settings, String problems) {
        assertThatThrownBy(settings::requireValid)
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("circuit breaker: " + problems);
    }

    @Test
    void aWindowOfCallsFillsWithFewerThanTheMinimum() {
        assertThat(USUAL.withCountWindow(5).effectiveMinimum()).isEqualTo(5);
        assertThat(USUAL.withCountWindow(5)
                        .withTimeWindow(Duration.ofSeconds(1))
                        .effectiveMinimum())
                .isEqualTo(20);
        assertThat(USUAL.withMinimumCalls(7).failureThreshold()).isEqualTo(4);
    }

    @Test
    void theLibraryThatCountsIsToldTheSame() {
        CircuitBreakerConfig config = USUAL.withFailureRate(0.25)
                .withSlowCalls(0.75, Duration.ofMillis(3))
                .withProbes(2)
                .withOpenDuration(Duration.ofSeconds(8))
                .config(() -> 0);

        assertThat(config.getFailureRateThreshold()).isEqualTo(25);
        assertThat(config.getSlowCallRateThreshold()).isEqualTo(75);
        assertThat(config.getSlowCallDurationThreshold()).isEqualTo(Duration.ofMillis(3));
        assertThat(config.getPermittedNumberOfCallsInHalfOpenState()).isEqualTo(2);
        assertThat(config.getWaitIntervalFunctionInOpenState().apply(1)).isEqualTo(8_000);
        assertThat(config.getSlidingWindowSize()).isEqualTo(100);
    }

    @Test
    void theLibraryThatCountsIsToldNoTimeThatItCannotAdd() {
        Duration forever = Duration.ofSeconds(Long.MAX_VALUE);
        CircuitBreakerConfig config =
                USUAL.withOpenDuration(forever).withSlowCalls(1, forever).config(() -> 0);

        Duration longest = Duration.ofDays(36_500);
        assertThat(config.getSlowCallDurationThreshold()).isEqualTo(longest);
        assertThat(config.getWaitIntervalFunctionInOpenState().apply(1)).isEqualTo(longest.toMillis());
    }
}
