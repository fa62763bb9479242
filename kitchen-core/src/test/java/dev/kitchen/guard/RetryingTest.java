package dev.kitchen.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.CancelledException;
import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.predict.CallContext;
import dev.kitchen.predict.CallContext.StopReason;
import dev.kitchen.predict.ModelArtifact;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.predict.Predictor;
import dev.kitchen.tensor.ModelSignature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ObjLongConsumer;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class RetryingTest {

    private static final ModelArtifact ARTIFACT =
            new ModelArtifact("m", "1", "x", ModelSignature.of(List.of(), List.of()));
    private static final Retrying THREE_TIMES =
            Retrying.attempts(3).withPauses(Duration.ofNanos(100), Duration.ofNanos(400));

    private final AtomicInteger attempts = new AtomicInteger();
    private final List<Long> pauses = new ArrayList<>();
    /** Pauses are between half and all of their length: this is all of it, nearly. */
    private final RandomGenerator random = () -> -1L;

    private Predictor failing(Retrying retrying, ObjLongConsumer<CallContext> pause) {
        return retrying.before(
                (request, context) -> {
                    throw new NotReadyException("attempt " + attempts.incrementAndGet());
                },
                ARTIFACT,
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
        assertThat(THREE_TIMES.pauseNanos(1, 1)).isEqualTo(100);
        assertThat(THREE_TIMES.pauseNanos(2, 1)).isEqualTo(200);
        assertThat(THREE_TIMES.pauseNanos(3, 1)).isEqualTo(400);
        assertThat(THREE_TIMES.pauseNanos(4, 1)).isEqualTo(400);
        assertThat(THREE_TIMES.pauseNanos(5_000, 1)).isEqualTo(400);
    }

    @Test
    void pausesAreBetweenHalfAndAllOfTheirLength() {
        assertThat(THREE_TIMES.pauseNanos(1, 0)).isEqualTo(50);
        assertThat(THREE_TIMES.pauseNanos(1, 0.5)).isEqualTo(75);
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
        long pause = THREE_TIMES.pauseNanos(1, random.nextDouble());

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

        assertThat(Retrying.attempts(1).withPauses(nanosecond, nanosecond).pauseNanos(9, 1))
                .isEqualTo(1);
        assertThatThrownBy(() -> Retrying.attempts(1).withPauses(Duration.ofNanos(-1), nanosecond))
                .isInstanceOf(ConfigurationException.class);
    }
}
