package dev.kitchen.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.CancelledException;
import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.DeadlineExceededException;
import dev.kitchen.error.InferenceException;
import dev.kitchen.error.RejectedException;
import dev.kitchen.guard.CircuitBreaker.Outcome;
import dev.kitchen.observe.BreakerState;
import dev.kitchen.observe.KitchenListener;
import dev.kitchen.predict.CallContext;
import dev.kitchen.predict.ModelArtifact;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.predict.Predictor;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a breaker of the application's own is asked and told. */
class BreakerStageTest {

    private static final ModelArtifact ARTIFACT =
            new ModelArtifact("m", "1", "x", ModelSignature.of(List.of(), List.of()));
    private static final long PERMIT = 42;

    private final List<String> told = new ArrayList<>();
    private final CallContext context = new CallContext(0, CallContext.NO_DEADLINE);
    private Runnable run = () -> {};

    /** A breaker in some state that writes down what it is told. */
    private final class Scripted implements CircuitBreaker {

        private final BreakerState state;
        private boolean broken;

        Scripted(BreakerState state) {
            this.state = state;
        }

        @Override
        public long tryAcquire() {
            if (broken) {
                throw new IllegalStateException("out of order");
            }
            return state == BreakerState.CLOSED ? PERMIT : REFUSED;
        }

        @Override
        public void record(long permit, Outcome outcome, long durationNanos) {
            told.add(permit + " " + outcome + " " + durationNanos);
            throw new IllegalStateException("out of order");
        }

        @Override
        public Status status() {
            return new Status(state, 4, 3, 2, Optional.empty(), Duration.ZERO, Duration.ofMillis(1_500));
        }

        @Override
        public void forceOpen() {}

        @Override
        public void forceClosed() {}

        @Override
        public void reset() {}
    }

    private Prediction ask(CircuitBreaker breaker) {
        Predictor next = (request, call) -> {
            run.run();
            return new Prediction("m", "1", NamedValues.of(Map.of()), 0);
        };
        return CircuitBreaking.before(next, breaker, ARTIFACT).predict(PredictionRequest.of(Map.of()), context);
    }

    private void fails(RuntimeException failure, Outcome outcome) {
        told.clear();
        run = () -> {
            throw failure;
        };
        assertThatThrownBy(() -> ask(new Scripted(BreakerState.CLOSED))).isSameAs(failure);
        assertThat(told).containsExactly(PERMIT + " " + outcome + " 0");
    }

    @Test
    void anAnswerIsASuccessThatTookAsLongAsTheModelRan() {
        run = () -> context.ranFor(7);

        ask(new Scripted(BreakerState.CLOSED));

        assertThat(told).containsExactly("42 SUCCESS 7");
    }

    @Test
    void onlyWhatIsTheModelsFaultIsAFailure() {
        fails(new InferenceException("broken"), Outcome.FAILURE);
        fails(new DeadlineExceededException("late", true), Outcome.FAILURE);
        fails(new DeadlineExceededException("late", false), Outcome.IGNORED);
        fails(new CancelledException("by its caller"), Outcome.IGNORED);
    }

    @Test
    void aBreakerThatCannotBeAskedIsToldNothing() {
        Scripted breaker = new Scripted(BreakerState.CLOSED);
        breaker.broken = true;

        assertThat(ask(breaker).model()).isEqualTo("m");
        assertThat(told).isEmpty();
    }

    @Test
    void aRefusalSaysWhyAndForHowLong() {
        refuses(BreakerState.OPEN, "is open, as 3 of the last 4 calls failed; it lets calls through again in 1.5 s");
        refuses(BreakerState.FORCED_OPEN, "was opened by hand, and stays open until it is closed or reset");
        refuses(BreakerState.HALF_OPEN, "lets only a few calls through until it knows whether the model has recovered");
    }

    private void refuses(BreakerState state, String words) {
        assertThatThrownBy(() -> ask(new Scripted(state)))
                .isInstanceOf(RejectedException.class)
                .hasMessage("endpoint 'm', version '1': its circuit breaker " + words);
        assertThat(told).isEmpty();
    }

    @Test
    void runsAreTimedForThoseWhoWantToKnow() {
        Predictor untimed = (request, call) -> new Prediction("m", "1", NamedValues.of(Map.of()), 0);

        assertThat(CircuitBreaking.lenient().timed(untimed, () -> 0)).isSameAs(untimed);
        assertThat(CircuitBreaking.by(it -> new Scripted(BreakerState.CLOSED)).timed(untimed, () -> 0))
                .isInstanceOf(RunTimer.class);
        CircuitBreaking slow =
                CircuitBreaking.builder().slowCalls(1, Duration.ofMillis(1)).build();
        assertThat(slow.timed(untimed, () -> 0)).isInstanceOf(RunTimer.class);
    }

    @Test
    void onlySettingsOfItsOwnCanBeChanged() {
        Duration second = Duration.ofSeconds(1);
        CircuitBreaking own = CircuitBreaking.by(it -> new Scripted(BreakerState.CLOSED));

        assertThatThrownBy(() -> CircuitBreaking.none().openFor(second)).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> own.openFor(second)).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> CircuitBreaking.lenient().openFor(Duration.ZERO))
                .isInstanceOf(ConfigurationException.class);
        CircuitBreaker changed = CircuitBreaking.lenient()
                .openFor(second)
                .breaker(ARTIFACT, () -> 0, new KitchenListener() {})
                .orElseThrow();
        assertThat(changed.status().openDuration()).isEqualTo(second);
    }

    @Test
    void anApplicationThatMakesNoBreakerIsTold() {
        CircuitBreaking none = CircuitBreaking.by(it -> null);

        assertThatThrownBy(() -> none.breaker(ARTIFACT, () -> 0, new KitchenListener() {}))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("endpoint 'm', version '1': making its circuit breaker failed")
                .hasMessageContaining("the application made no circuit breaker");
    }
}
