package dev.kitchen.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.predict.CallOptions.CacheMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
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
        String longest = "x".repeat(CallOptions.MAX_REQUEST_ID_LENGTH);
        assertThat(builder.requestId(longest).build().requestId()).contains(longest);
        for (String bad : new String[] {"", "a\nb", "\u0000", "x".repeat(257)}) {
            assertThatThrownBy(() -> builder.requestId(bad)).isInstanceOf(InvalidRequestException.class);
        }
    }

    @Test
    void namesAndParametersHaveALimit() {
        String longest = "n".repeat(CallOptions.MAX_NAME_LENGTH);
        CallOptions most = CallOptions.builder()
                .version(longest)
                .requestedOutputs(longest)
                .parameter(longest, "v".repeat(CallOptions.MAX_PARAMETER_CHARACTERS - longest.length()))
                .build();

        assertThat(most.version()).isEqualTo(longest);
        refuses(() -> CallOptions.version(longest + "n"), "version 'nnn");
        refuses(() -> CallOptions.requestedOutputs(longest + "n"), "requested output 'nnn");
        refuses(() -> CallOptions.builder().parameter(longest + "n", ""), "parameter 'nnn");
        refuses(
                () -> CallOptions.builder().parameter("p", "v".repeat(CallOptions.MAX_PARAMETER_CHARACTERS)),
                "1 parameters of 1048577 characters");
        refuses(() -> most.withVersion(longest + "n"), "version 'nnn");
    }

    @Test
    void theNumberOfParametersHasALimit() {
        CallOptions.Builder builder = CallOptions.builder();
        for (int i = 0; i < CallOptions.MAX_PARAMETERS; i++) {
            builder.parameter("p" + i, "v");
        }
        String value = "v".repeat(CallOptions.MAX_PARAMETER_CHARACTERS / 2);
        builder.parameter("p0", value).parameter("p0", value).parameter("p0", value);

        assertThat(builder.build().parameters()).hasSize(CallOptions.MAX_PARAMETERS);
        refuses(() -> builder.parameter("one more", "v"), "1001 parameters");
    }

    @Test
    void otherOutputsOrAnotherVersionLeaveEverythingElse() {
        CallOptions all = CallOptions.builder()
                .timeLimit(Duration.ofSeconds(2))
                .requestId("r-1")
                .version("7")
                .requestedOutputs("a")
                .cacheMode(CacheMode.BYPASS)
                .parameter("language", "fr")
                .build();

        for (CallOptions changed : List.of(all.withRequestedOutputs("b"), all.withVersion("8"))) {
            assertThat(changed.timeLimit()).contains(Duration.ofSeconds(2));
            assertThat(changed.requestId()).contains("r-1");
            assertThat(changed.cacheMode()).isEqualTo(CacheMode.BYPASS);
            assertThat(changed.parameters()).containsExactly(Map.entry("language", "fr"));
        }
        assertThat(all.withRequestedOutputs("b").requestedOutputs()).containsExactly("b");
        assertThat(all.withRequestedOutputs("b").version()).isEqualTo("7");
        assertThat(all.withVersion("8").requestedOutputs()).containsExactly("a");
        assertThat(all.withVersion("8").version()).isEqualTo("8");
    }

    private static void refuses(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(InvalidRequestException.class).hasMessageContaining(message);
    }
}
