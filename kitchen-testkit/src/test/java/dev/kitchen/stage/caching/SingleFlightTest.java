package dev.kitchen.stage.caching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.cache.CacheConfig;
import dev.kitchen.cache.InMemoryCache;
import dev.kitchen.error.DeadlineExceededException;
import dev.kitchen.error.InferenceException;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.runtime.CallContext;
import dev.kitchen.runtime.Waiting;
import dev.kitchen.session.AnswerCheck;
import dev.kitchen.session.Predictor;
import dev.kitchen.spi.VersionIdentity;
import dev.kitchen.telemetry.SafeListener;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.testkit.ManualTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On which thread a run is made, and that it is made once whatever the executor and the waiting do. */
@Timeout(60)
class SingleFlightTest {

    private static final VersionIdentity ARTIFACT = new VersionIdentity("m", "1", "5e".repeat(32));

    private final ManualTicker ticker = new ManualTicker();
    private final AtomicInteger runs = new AtomicInteger();
    private final AtomicInteger handedOver = new AtomicInteger();
    private final Executor counting = run -> {
        handedOver.incrementAndGet();
        run.run();
    };
    private Duration runTime = Duration.ZERO;
    private Runnable duringRuns = () -> {};

    private Prediction model(PredictionRequest request, CallContext context) {
        runs.incrementAndGet();
        duringRuns.run();
        ticker.advance(runTime);
        context.ranFor(runTime.toNanos());
        return new Prediction("m", "1", request.inputs(), 0);
    }

    private Predictor stage(Waiting waiting, Executor executor) {
        InMemoryCache cache = InMemoryCache.ofMaxBytes(1 << 20, ticker);
        AnswerCheck any = new AnswerCheck(ModelSignature.of(List.of(), List.of()));
        KeptAnswers kept = new KeptAnswers(CacheConfig.in(cache), ARTIFACT, ticker, new SafeListener(List.of()), any);
        SingleFlight flights = new SingleFlight(this::model, kept, waiting, executor, ticker);
        return new CachingPredictor(this::model, kept, flights, ticker);
    }

    /** For runs that have ended before anybody waits for them. */
    private static void waitForNothing(CallContext context, BooleanSupplier done) {
        if (!done.getAsBoolean()) {
            throw new IllegalStateException("waits for a run that nobody makes");
        }
    }

    private CallContext context() {
        return new CallContext(ticker.nanoTime(), CallContext.NO_DEADLINE);
    }

    private static PredictionRequest question(float number) {
        return PredictionRequest.of(Map.of("x", Tensor.of(new float[] {number}, 1)));
    }

    /** Asks something new, so that the model runs for so long; returns whether that was on another thread. */
    private boolean isHandedOver(Predictor stage, Duration time) {
        int before = handedOver.get();
        runTime = time;
        stage.predict(question(runs.get()), context());
        return handedOver.get() > before;
    }

    @Test
    void runsOfASlowModelAreHandedOver() {
        Predictor stage = stage(SingleFlightTest::waitForNothing, counting);

        for (int i = 0; i < 20; i++) {
            assertThat(isHandedOver(stage, Duration.ofMillis(1))).isTrue();
        }
    }

    @Test
    void runsOfAModelThatHasBecomeFastAreMadeByTheirCallers() {
        Predictor stage = stage(SingleFlightTest::waitForNothing, counting);
        isHandedOver(stage, Duration.ofMillis(1));

        for (int i = 0; i < 40; i++) {
            isHandedOver(stage, Duration.ofNanos(1_000));
        }

        assertThat(isHandedOver(stage, Duration.ofNanos(1_000))).isFalse();
    }

    @Test
    void oneSlowRunOfAFastModelChangesNothingAndAVerySlowOneDoes() {
        Predictor stage = stage(SingleFlightTest::waitForNothing, counting);
        isHandedOver(stage, Duration.ofNanos(10_000));

        assertThat(isHandedOver(stage, Duration.ofNanos(500_000))).isFalse();
        assertThat(isHandedOver(stage, Duration.ofMillis(2))).isFalse();
        assertThat(isHandedOver(stage, Duration.ofMillis(2))).isTrue();
    }

    @Test
    void aRunThatIsRefusedIsMadeByItsCallerAndNeverAgain() {
        List<Runnable> kept = new ArrayList<>();
        Predictor stage = stage(SingleFlightTest::waitForNothing, run -> {
            kept.add(run);
            throw new RejectedExecutionException("full");
        });

        Prediction answer = stage.predict(question(1), context());
        kept.forEach(Runnable::run);

        assertThat(answer.tensor("x").floatAt(0)).isEqualTo(1);
        assertThat(kept).hasSize(1);
        assertThat(runs).hasValue(1);
    }

    @Test
    void aRunThatHasBegunIsWaitedForThoughHandingItOverFailed() {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch waitedFor = new CountDownLatch(1);
        duringRuns = () -> {
            begun.countDown();
            await(waitedFor);
        };
        Waiting waiting = (context, done) -> {
            waitedFor.countDown();
            while (!done.getAsBoolean()) {
                assertThat(Thread.currentThread().isInterrupted()).isFalse();
                Thread.onSpinWait();
            }
        };
        Predictor stage = stage(waiting, run -> {
            Thread thread = new Thread(run);
            thread.setDaemon(true);
            thread.start();
            await(begun);
            throw new OutOfMemoryError("for another thread");
        });

        assertThat(stage.predict(question(1), context()).tensor("x").floatAt(0)).isEqualTo(1);
        assertThat(runs).hasValue(1);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Refuses once to stand by a run. */
    private static final class RefusesOnce implements Waiting {

        private boolean refuses = true;

        @Override
        public void await(CallContext context, BooleanSupplier done) {
            waitForNothing(context, done);
        }

        @Override
        public <T> T attend(CallContext context, Runnable onStop, Supplier<T> work) {
            if (refuses) {
                refuses = false;
                throw new InferenceException("refused");
            }
            return work.get();
        }
    }

    @Test
    void nobodyJoinsARunThatItsCallerCouldNotBegin() {
        Predictor stage = stage(new RefusesOnce(), run -> {
            throw new RejectedExecutionException("full");
        });
        assertThatThrownBy(() -> stage.predict(question(1), context())).isInstanceOf(InferenceException.class);

        assertThat(stage.predict(question(1), context()).tensor("x").floatAt(0)).isEqualTo(1);
        assertThat(runs).hasValue(1);
    }

    @Test
    void nothingRunsForACallWhoseTimeIsOver() {
        Predictor stage = stage(SingleFlightTest::waitForNothing, counting);
        CallContext late = new CallContext(ticker.nanoTime() - 2, ticker.nanoTime());

        assertThatThrownBy(() -> stage.predict(question(1), late)).isInstanceOf(DeadlineExceededException.class);
        assertThat(runs).hasValue(0);
    }

    @Test
    void aCallKnowsHowLongTheModelRanForIt() {
        Predictor stage = stage(SingleFlightTest::waitForNothing, counting);
        CallContext context = context();
        runTime = Duration.ofMillis(3);

        stage.predict(question(1), context);

        assertThat(Duration.ofNanos(context.runNanos())).isEqualTo(runTime);
    }
}
