package dev.kitchen.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.ConfigurationException;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class BatchingSettingsTest {

    @Test
    void refusesWhatCannotBe() {
        Duration negative = Duration.ofMillis(-1);
        Batching natural = Batching.natural();

        refuses(() -> Batching.delayed(negative), "delay is PT-0.001S, expected more than zero");
        refuses(() -> natural.targetLatency(negative), "targetLatency is PT-0.001S, expected more than zero");
        refuses(() -> natural.maxBytes(0), "maxBytes is 0, expected 1 or more");
        refuses(() -> natural.maxQueued(0), "maxQueued is 0, expected 1 or more");
        refuses(() -> natural.concurrentRuns(0), "concurrentRuns is 0, expected 1 or more");
        refuses(() -> natural.aloneBelow(negative), "aloneBelow is PT-0.001S, expected zero or more");
        refuses(() -> natural.checkedShare(-0.1), "checkedShare is -0.1, expected 0 to 1");
        refuses(() -> natural.checkedShare(1.1), "checkedShare is 1.1, expected 0 to 1");
        refuses(() -> natural.checkedShare(Double.NaN), "checkedShare is NaN, expected 0 to 1");
    }

    private static void refuses(ThrowingCallable settings, String problem) {
        assertThatThrownBy(settings).isInstanceOf(ConfigurationException.class).hasMessage("batching: " + problem);
    }

    @Test
    void takesTheLeastAndTheMostOfEverything() {
        assertThatCode(() -> Batching.natural()
                        .maxItems(1)
                        .maxBytes(1)
                        .maxQueued(1)
                        .concurrentRuns(1)
                        .checkedShare(0)
                        .checkedShare(1))
                .doesNotThrowAnyException();
    }

    @Test
    void aChangeLeavesEverythingElse() {
        Batching batching = Batching.delayed(Duration.ofMillis(3))
                .targetLatency(Duration.ofMillis(9))
                .maxItems(5)
                .maxBytes(6)
                .maxQueued(7)
                .concurrentRuns(8)
                .aloneBelow(Duration.ofNanos(10))
                .checkedShare(0.5);

        Batching copy = batching.maxItems(5);

        assertThat(copy.isNatural()).isFalse();
        assertThat(copy.delayNanos()).isEqualTo(3_000_000);
        assertThat(copy.size().limit())
                .as("begins with 1 because of the target")
                .isEqualTo(1);
        assertThat(copy.maxItems()).isEqualTo(5);
        assertThat(copy.maxBytes()).isEqualTo(6);
        assertThat(copy.maxQueued()).isEqualTo(7);
        assertThat(copy.concurrentRuns()).isEqualTo(8);
        assertThat(copy.aloneBelowNanos()).isEqualTo(10);
        assertThat(copy.checkedShare()).isEqualTo(0.5);
    }

    @Test
    void delaysAreTenSecondsAtMost() {
        assertThat(Batching.delayed(Duration.ofSeconds(11)).delayNanos())
                .isEqualTo(Duration.ofSeconds(10).toNanos());
        assertThat(Batching.delayed(Duration.ofSeconds(9)).delayNanos())
                .isEqualTo(Duration.ofSeconds(9).toNanos());
    }
}
