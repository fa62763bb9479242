package dev.kitchen.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.ConfigurationException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BatchingConfigTest {

    private static BatchingConfig.Builder usual() {
        return BatchingConfig.builder();
    }

    @Test
    void refusesWhatIsOutOfRange() {
        Duration negative = Duration.ofMillis(-1);

        refuses(usual().delay(negative), "delay is PT-0.001S, expected zero or more");
        refuses(usual().targetLatency(negative), "targetLatency is PT-0.001S, expected more than zero");
        refuses(usual().maxItems(0), "maxItems is 0, expected 1 or more");
        refuses(usual().maxBytes(0), "maxBytes is 0, expected 1 or more");
        refuses(usual().maxQueued(0), "maxQueued is 0, expected 1 or more");
        refuses(usual().concurrentRuns(0), "concurrentRuns is 0, expected 1 or more");
        refuses(usual().aloneBelow(negative), "aloneBelow is PT-0.001S, expected zero or more");
        refuses(usual().checkedShare(-0.1), "checkedShare is -0.1, expected 0 to 1");
        refuses(usual().checkedShare(1.1), "checkedShare is 1.1, expected 0 to 1");
        refuses(usual().checkedShare(Double.NaN), "checkedShare is NaN, expected 0 to 1");
    }

    private static void refuses(BatchingConfig.Builder settings, String problem) {
        assertThatThrownBy(settings::build)
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("batching: " + problem);
    }

    @Test
    void takesTheLeastAndTheMostOfEverything() {
        assertThatCode(() -> usual().delay(Duration.ZERO)
                        .targetLatency(Duration.ofNanos(1))
                        .maxItems(1)
                        .maxBytes(1)
                        .maxQueued(1)
                        .concurrentRuns(1)
                        .aloneBelow(Duration.ZERO)
                        .checkedShare(0)
                        .build())
                .doesNotThrowAnyException();
        assertThatCode(() -> usual().checkedShare(1).build()).doesNotThrowAnyException();
    }

    @Test
    void isCopiedWhole() {
        BatchingConfig config = usual().delay(Duration.ofMillis(3))
                .targetLatency(Duration.ofMillis(9))
                .maxItems(5)
                .maxBytes(6)
                .maxQueued(7)
                .concurrentRuns(8)
                .aloneBelow(Duration.ofNanos(10))
                .checkedShare(0.5)
                .build();

        assertThat(config.toBuilder().build()).usingRecursiveComparison().isEqualTo(config);
        assertThat(config.maxItems()).isEqualTo(5);
        assertThat(config.maxBytes()).isEqualTo(6);
        assertThat(config.maxQueued()).isEqualTo(7);
        assertThat(config.concurrentRuns()).isEqualTo(8);
        assertThat(config.checkedShare()).isEqualTo(0.5);
    }
}
