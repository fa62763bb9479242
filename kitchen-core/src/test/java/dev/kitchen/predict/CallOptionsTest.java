package dev.kitchen.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.InvalidRequestException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CallOptionsTest {

    @Test
    void leaveEverythingToTheKitchenByDefault() {
        assertThat(CallOptions.defaults().timeLimit()).isEmpty();
        assertThat(CallOptions.defaults().requestedOutputs()).isEmpty();
        assertThat(CallOptions.defaults().requestId()).isEmpty();
    }

    @Test
    void refuseWhatCannotBe() {
        assertThatThrownBy(() -> CallOptions.timeLimit(Duration.ZERO)).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> CallOptions.timeLimit(Duration.ofMillis(-1)))
                .isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> CallOptions.requestedOutputs("a", "a"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("twice");
    }

    @Test
    void requestIdsAreShortAndOnOneLine() {
        CallOptions.Builder builder = CallOptions.builder();

        assertThat(builder.requestId("r-1").build().requestId()).contains("r-1");
        for (String bad : new String[] {"", "a\nb", "\u0000", "x".repeat(257)}) {
            assertThatThrownBy(() -> builder.requestId(bad)).isInstanceOf(InvalidRequestException.class);
        }
    }
}
