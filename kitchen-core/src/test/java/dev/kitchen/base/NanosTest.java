package dev.kitchen.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class NanosTest {

    private static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

    @Test
    void aDurationThatDoesNotFitIsTheLongestThatDoes() {
        assertThat(Nanos.of(Duration.ofMillis(3))).isEqualTo(3_000_000);
        assertThat(Nanos.of(FOREVER)).isEqualTo(Long.MAX_VALUE);
        assertThat(Nanos.of(Duration.ofSeconds(Long.MIN_VALUE))).isEqualTo(Long.MIN_VALUE);
        assertThat(Nanos.of(Duration.ofNanos(Long.MAX_VALUE))).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aMomentThatIsTooFarAwayIsNever() {
        assertThat(Nanos.after(-5, 3)).isEqualTo(-2);
        assertThat(Nanos.after(5, Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
        assertThat(Nanos.after(Long.MAX_VALUE - 1, 5)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void neverIsNoNearerLater() {
        assertThat(Nanos.until(10, 4)).isEqualTo(6);
        assertThat(Nanos.until(10, 11)).isZero();
        assertThat(Nanos.until(Long.MAX_VALUE, 1_000)).isEqualTo(Long.MAX_VALUE);
    }
}
