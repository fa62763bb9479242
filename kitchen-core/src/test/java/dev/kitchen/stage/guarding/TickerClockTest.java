package dev.kitchen.stage.guarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TickerClockTest {

    @Test
    void tellsHowLongItHasBeenThere() {
        AtomicLong nanos = new AtomicLong(-5);
        TickerClock clock = new TickerClock(nanos::get);

        nanos.set(7);

        assertThat(clock.instant()).isEqualTo(Instant.EPOCH.plusNanos(12));
        assertThat(clock.getZone()).isEqualTo(ZoneOffset.UTC);
        assertThatThrownBy(() -> clock.withZone(ZoneOffset.MAX)).isInstanceOf(UnsupportedOperationException.class);
    }
}
