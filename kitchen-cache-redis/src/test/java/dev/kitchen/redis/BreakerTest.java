package dev.kitchen.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.testkit.ManualTicker;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BreakerTest {

    private final ManualTicker ticker = new ManualTicker();
    private final Breaker breaker = new Breaker(ticker);

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            assertThat(breaker.allows()).isTrue();
            breaker.failed();
        }
    }

    @Test
    void opensAfterSomeFailuresAmongTheLastCalls() {
        for (int i = 0; i < 3; i++) {
            fail(1);
            assertThat(breaker.allows()).isTrue();
            breaker.succeeded();
        }
        assertThat(breaker.isOpen()).isFalse();

        fail(1);

        assertThat(breaker.isOpen()).isTrue();
        assertThat(breaker.allows()).isFalse();
    }

    @Test
    void failuresOfLongAgoDoNotCount() {
        fail(3);
        for (int i = 0; i < 16; i++) {
            breaker.succeeded();
        }
        fail(3);

        assertThat(breaker.isOpen()).isFalse();
    }

    @Test
    void afterAPauseOneCallTriesAndItsLuckDecides() {
        fail(4);
        ticker.advance(Duration.ofMillis(500));
        assertThat(breaker.allows()).isTrue();
        assertThat(breaker.allows()).isFalse();
        breaker.failed();

        ticker.advance(Duration.ofMillis(999));
        assertThat(breaker.allows()).isFalse();
        ticker.advance(Duration.ofMillis(1));
        assertThat(breaker.allows()).isTrue();
        breaker.succeeded();

        assertThat(breaker.isOpen()).isFalse();
        assertThat(breaker.allows()).isTrue();
    }

    @Test
    void aTryThatTellsNothingLeavesTheNextOneToTheNext() {
        fail(4);
        ticker.advance(Duration.ofMillis(500));
        assertThat(breaker.allows()).isTrue();
        breaker.unknown();

        assertThat(breaker.allows()).isTrue();
    }

    @Test
    void thePauseGrowsToALimit() {
        fail(4);
        for (int i = 0; i < 20; i++) {
            ticker.advance(Duration.ofSeconds(15));
            assertThat(breaker.allows()).isTrue();
            breaker.failed();
        }
    }
}
