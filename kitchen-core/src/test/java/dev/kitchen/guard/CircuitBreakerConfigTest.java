package dev.kitchen.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.ConfigurationException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class CircuitBreakerConfigTest {

    private static CircuitBreakerConfig.Builder usual() {
        return CircuitBreakerConfig.builder();
    }

    @Test
    void takesTheLeastAndTheMostOfEverything() {
        List<CircuitBreakerConfig.Builder> edges = List.of(
                usual().countWindow(1),
                usual().countWindow(10_000),
                usual().timeWindow(Duration.ofSeconds(1)),
                usual().timeWindow(Duration.ofHours(1)),
                usual().failureRate(Double.MIN_VALUE),
                usual().failureRate(1),
                usual().minimumCalls(1),
                usual().slowCalls(1, Duration.ofNanos(1)),
                usual().probes(1),
                usual().probes(10_000),
                usual().openDuration(Duration.ofMillis(1)));

        assertThat(edges).allSatisfy(edge -> assertThatCode(edge::build).doesNotThrowAnyException());
    }

    @Test
    void refusesLessThanTheLeastAndMoreThanTheMost() {
        refuses(usual().countWindow(10_001), "countWindow is 10001, expected 1 to 10000");
        refuses(usual().timeWindow(Duration.ofMillis(999)), "timeWindow is PT0.999S, expected PT1S to PT1H");
        refuses(usual().timeWindow(Duration.ofHours(2)), "timeWindow is PT2H, expected PT1S to PT1H");
        refuses(usual().failureRate(0), "failureRate is 0.0, expected more than 0, up to 1");
        refuses(usual().failureRate(Double.NaN), "failureRate is NaN, expected more than 0, up to 1");
        refuses(usual().minimumCalls(0), "minimumCalls is 0, expected 1 or more");
        refuses(
                usual().slowCalls(0, Duration.ZERO),
                "slowCalls: rate is 0.0, expected more than 0, up to 1; slowCalls: longerThan is PT0S, expected more"
                        + " than zero");
        refuses(usual().probes(10_001), "probes is 10001, expected 1 to 10000");
    }

    private static void refuses(CircuitBreakerConfig.Builder settings, String problems) {
        assertThatThrownBy(settings::build)
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("circuit breaker: " + problems);
    }

    @Test
    void isCopiedWhole() {
        CircuitBreakerConfig config = usual().timeWindow(Duration.ofSeconds(2))
                .failureRate(0.25)
                .minimumCalls(3)
                .slowCalls(0.75, Duration.ofMillis(4))
                .probes(6)
                .openDuration(Duration.ofSeconds(7))
                .build();

        assertThat(config.toBuilder().build()).usingRecursiveComparison().isEqualTo(config);
        assertThat(usual().countWindow(8).build().toBuilder().build().countWindow())
                .isEqualTo(8);
    }

    @Test
    void theLastKindOfWindowHolds() {
        assertThat(usual().timeWindow(Duration.ofSeconds(2))
                        .countWindow(5)
                        .build()
                        .timeWindow())
                .isEmpty();
    }
}
