package dev.kitchen.stage.guarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.CancelledException;
import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.guard.RetryPolicy;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.runtime.CallContext;
import dev.kitchen.runtime.CallContext.StopReason;
import dev.kitchen.session.Predictor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ObjLongConsumer;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class RetryPredictorTest {

    private static final RetryPolicy THREE_TIMES = RetryPolicy.builder()
            .maxAttempts(3)
            .firstPause(Duration.ofNanos(100))
            .longestPause(Duration.ofNanos(400))
            .build();

    private final AtomicInteger attempts = new AtomicInteger();
    private final List<Long> pauses = new ArrayList<>();
    /** Pauses are between half and all of their length: this is all of it, nearly. */
    private final RandomGenerator random = () -> -1L;

    private Predictor failing(RetryPolicy retrying, ObjLongConsumer<CallContext> pause) {
        return new RetryPredictor(
                (request, context) -> {
                    throw new NotReadyException("attempt " + attempts.incrementAndGet());
                },
                retrying,
                "endpoint 'm'",
                () -> 5_000,
                pause,
                () -> random);
    }

    private Predictor failing() {
        return failing(THREE_TIMES, (context, nanos) -> pauses.add(nanos));
    }

    private static void ask(Predictor stage, CallContext context) {
        stage.predict(PredictionRequest.of(Map.of()), context);
    }

    @Test
    void pausesDoubleUpToTheLongest() {
        assertThat(RetryPredictor.pauseNanos(THREE_TIMES, 1, 1)).isEqualTo(100);
        assertThat(RetryPredictor.pauseNanos(THREE_TIMES, 2, 1)).isEqualTo(200);
        assertThat(RetryPredictor.pauseNanos(THREE_TIMES, 3, 1)).isEqualTo(400);
        assertThat(RetryPredictor.pauseNanos(THREE_TIMES, 4, 1)).isEqualTo(400);
        assertThat(RetryPredictor.pauseNanos(THREE_TIMES, 5_000, 1)).isEqualTo(400);
    }

    @Test
    void pausesAreBetweenHalfAndAllOfTheirLength() {
        assertThat(RetryPredictor.pauseNanos(THREE_TIMES, 1, 0)).isEqualTo(50);
        assertThat(RetryPredictor.pauseNanos(THREE_TIMES, 1, 0.5)).isEqualTo(75);
    }

    @Test
    void theLastAttemptsFailureIsTheCalls() {
        assertThatThrownBy(() -> ask(failing(), new CallContext(0, CallContext.NO_DEADLINE)))
                .isInstanceOf(NotReadyException.class)
                .hasMessage("attempt 3");

        assertThat(pauses).hasSize(2);
        assertThat(pauses.get(0)).isBetween(50L, 100L);
        assertThat(pauses.get(1)).isBetween(100L, 200L);
    }

    @Test
    void aPauseNeedsTimeThatTheCallHas() {
        long pause = RetryPredictor.pauseNanos(THREE_TIMES, 1, random.nextDouble());

        assertThatThrownBy(() -> ask(failing(), new CallContext(0, 5_000 + pause)))
                .hasMessage("attempt 1");
        assertThat(pauses).isEmpty();

        assertThatThrownBy(() -> ask(failing(), new CallContext(0, 5_000 + pause + 1)))
                .hasMessage("attempt 3");
        assertThat(pauses).containsExactly(pause);
    }

    @Test
    void aCallThatIsStoppedDuringAPauseSaysWhatFailedBefore() {
        Predictor stage = failing(THREE_TIMES, (context, nanos) -> context.stop(StopReason.CANCELLED));

        assertThatThrownBy(() -> ask(stage, new CallContext(0, CallContext.NO_DEADLINE)))
                .isInstanceOf(CancelledException.class)
                .satisfies(it -> assertThat(it.getSuppressed()).singleElement().isInstanceOf(NotReadyException.class));
        assertThat(attempts).hasValue(1);
    }

    @Test
    void aCallThatIsStoppedIsNotTriedAgain() {
        CallContext stopped = new CallContext(0, CallContext.NO_DEADLINE);
        stopped.stop(StopReason.CLOSING);

        assertThatThrownBy(() -> ask(failing(), stopped)).hasMessage("attempt 1");
        assertThat(pauses).isEmpty();
    }

    @Test
    void pausesMayBeEquallyLongButNotWithoutLength() {
        Duration nanosecond = Duration.ofNanos(1);

        RetryPolicy shortest = RetryPolicy.builder()
                .firstPause(nanosecond)
                .longestPause(nanosecond)
                .build();

        assertThat(RetryPredictor.pauseNanos(shortest, 9, 1)).isEqualTo(1);
        assertThatThrownBy(() -> RetryPolicy.builder()
                        .maxAttempts(1)
                        .firstPause(Duration.ofNanos(-1))
                        .longestPause(nanosecond)
                        .build())
                .isInstanceOf(ConfigurationException.class);
    }
}
