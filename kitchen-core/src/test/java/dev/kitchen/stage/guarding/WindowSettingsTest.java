package dev.kitchen.stage.guarding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.guard.CircuitBreakerConfig;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WindowSettingsTest {

    private static CircuitBreakerConfig.Builder usual() {
        return CircuitBreakerConfig.builder();
    }

    @Test
    void aWindowOfCallsFillsWithFewerThanTheMinimum() {
        assertThat(WindowSettings.effectiveMinimum(usual().countWindow(5).build()))
                .isEqualTo(5);
        assertThat(WindowSettings.effectiveMinimum(
                        usual().countWindow(5).timeWindow(Duration.ofSeconds(1)).build()))
                .isEqualTo(20);
        assertThat(WindowSettings.failureThreshold(usual().minimumCalls(7).build()))
                .isEqualTo(4);
    }

    @Test
    void theLibraryThatCountsIsToldTheSame() {
        var settings = WindowSettings.of(
                usual().failureRate(0.25)
                        .slowCalls(0.75, Duration.ofMillis(3))
                        .probes(2)
                        .openDuration(Duration.ofSeconds(8))
                        .build(),
                () -> 0);

        assertThat(settings.getFailureRateThreshold()).isEqualTo(25);
        assertThat(settings.getSlowCallRateThreshold()).isEqualTo(75);
        assertThat(settings.getSlowCallDurationThreshold()).isEqualTo(Duration.ofMillis(3));
        assertThat(settings.getPermittedNumberOfCallsInHalfOpenState()).isEqualTo(2);
        assertThat(settings.getWaitIntervalFunctionInOpenState().apply(1)).isEqualTo(8_000);
        assertThat(settings.getSlidingWindowSize()).isEqualTo(100);
    }

    @Test
    void theLibraryThatCountsIsToldNoTimeThatItCannotAdd() {
        Duration forever = Duration.ofSeconds(Long.MAX_VALUE);
        var settings = WindowSettings.of(
                usual().openDuration(forever).slowCalls(1, forever).build(), () -> 0);

        Duration longest = Duration.ofDays(36_500);
        assertThat(settings.getSlowCallDurationThreshold()).isEqualTo(longest);
        assertThat(settings.getWaitIntervalFunctionInOpenState().apply(1)).isEqualTo(longest.toMillis());
    }
}
