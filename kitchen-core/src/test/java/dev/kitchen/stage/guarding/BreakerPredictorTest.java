package dev.kitchen.stage.guarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.CancelledException;
import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.DeadlineExceededException;
import dev.kitchen.error.InferenceException;
import dev.kitchen.error.RejectedException;
import dev.kitchen.guard.CircuitBreaker;
import dev.kitchen.guard.CircuitBreaker.Outcome;
import dev.kitchen.guard.CircuitBreakerConfig;
import dev.kitchen.observe.BreakerState;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.predict.Ticker;
import dev.kitchen.runtime.CallContext;
import dev.kitchen.runtime.KitchenThreads;
import dev.kitchen.session.Predictor;
import dev.kitchen.spi.VersionIdentity;
import dev.kitchen.stage.StageContext;
import dev.kitchen.telemetry.CallStatistics;
import dev.kitchen.telemetry.SafeListener;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What a breaker of the application's own is asked and told. */
class BreakerPredictorTest {

    private static final VersionIdentity ARTIFACT = new VersionIdentity("m", "1", "x");
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
        return new BreakerPredictor(next, breaker, ARTIFACT.place()).predict(PredictionRequest.of(Map.of()), context);
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

    private static CircuitBreakerStage stage(CircuitBreakerConfig config, StageContext context) {
        return CircuitBreakerStage.of(config, context);
    }

    private static void withContext(Consumer<StageContext> use) {
        KitchenThreads threads = new KitchenThreads(Ticker.system(), Duration.ofSeconds(1), 1);
        try {
            use.accept(new StageContext(
                    ARTIFACT,
                    ModelSignature.of(List.of(), List.of()),
                    () -> 0,
                    threads,
                    new SafeListener(List.of()),
                    new CallStatistics(() -> 0),
                    leased -> leased));
        } finally {
            threads.close(System.nanoTime() + 10_000_000_000L);
        }
    }

    @Test
    void runsAreTimedWhereTheBreakerNeedsTheirDuration() {
        Predictor untimed = (request, call) -> new Prediction("m", "1", NamedValues.of(Map.of()), 0);
        CircuitBreakerConfig own = CircuitBreakerConfig.by((model, version) -> new Scripted(BreakerState.CLOSED));
        CircuitBreakerConfig slow = CircuitBreakerConfig.builder()
                .slowCalls(1, Duration.ofMillis(1))
                .build();

        withContext(context -> {
            assertThat(stage(CircuitBreakerConfig.defaults(), context)
                            .runTimer()
                            .wrap(untimed, context))
                    .isSameAs(untimed);
            assertThat(stage(own, context).runTimer().wrap(untimed, context)).isInstanceOf(RunTimer.class);
            assertThat(stage(slow, context).runTimer().wrap(untimed, context)).isInstanceOf(RunTimer.class);
        });
    }

    @Test
    void withoutABreakerThereIsNoStage() {
        Predictor next = (request, call) -> new Prediction("m", "1", NamedValues.of(Map.of()), 0);

        withContext(context -> {
            CircuitBreakerStage none = stage(CircuitBreakerConfig.none(), context);
            assertThat(none.breaker()).isEmpty();
            assertThat(none.wrap(next, context)).isSameAs(next);
        });
    }

    @Test
    void anApplicationThatMakesNoBreakerIsTold() {
        CircuitBreakerConfig none = CircuitBreakerConfig.by((model, version) -> null);

        withContext(context -> assertThatThrownBy(() -> stage(none, context))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("endpoint 'm', version '1': making its circuit breaker failed")
                .hasMessageContaining("the application made no circuit breaker"));
    }
}
