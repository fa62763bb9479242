package dev.kitchen.stage.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.batch.BatchingConfig;
import dev.kitchen.error.InferenceException;
import dev.kitchen.error.RejectedException;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.runtime.CallContext;
import dev.kitchen.runtime.CallContext.StopReason;
import dev.kitchen.runtime.Waiting;
import dev.kitchen.spi.VersionIdentity;
import dev.kitchen.telemetry.SafeListener;
import dev.kitchen.tensor.Tensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which calls are batched, and which run on their callers' threads. */
@Timeout(60)
class BatchingPredictorTest {

    private static final VersionIdentity ARTIFACT = new VersionIdentity("m", "1", "x");
    private static final Waiting SPINNING = (context, done) -> {
        while (!done.getAsBoolean()) {
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            Thread.onSpinWait();
        }
    };
    private static final ThreadFactory DAEMONS = work -> {
        Thread thread = new Thread(work, "batcher");
        thread.setDaemon(true);
        return thread;
    };

    private final List<Thread> runners = new CopyOnWriteArrayList<>();
    private final List<Long> batchedRows = new ArrayList<>();
    private final AtomicLong now = new AtomicLong();
    private final AtomicInteger looks = new AtomicInteger();
    private Duration runTime = Duration.ZERO;
    private BatchingPredictor predictor;

    private void open(BatchingConfig batching, Waiting waiting, ThreadFactory threads) {
        BatchReport report = new BatchReport(ARTIFACT, new SafeListener(List.of()), batchedRows::add);
        predictor = new BatchingPredictor(
                batching, this::run, ARTIFACT, waiting, this::look, threads, report, (r, a, m) -> {});
    }

    private void open(BatchingConfig batching) {
        open(batching, SPINNING, DAEMONS);
    }

    private long look() {
        looks.incrementAndGet();
        return now.get();
    }

    private Prediction run(PredictionRequest request, CallContext context) {
        runners.add(Thread.currentThread());
        now.addAndGet(runTime.toNanos());
        return new Prediction("m", "1", request.inputs(), 0);
    }

    @AfterEach
    void close() {
        predictor.close();
    }

    private static PredictionRequest rows(int rows) {
        return PredictionRequest.of(Map.of("x", Tensor.of(new float[rows], rows, 1)));
    }

    private static CallContext context() {
        return new CallContext(0, CallContext.NO_DEADLINE);
    }

    private boolean runsOnItsCallersThread(int rows) {
        runners.clear();
        predictor.predict(rows(rows), context());
        assertThat(runners).hasSize(1);
        return runners.get(0).equals(Thread.currentThread());
    }

    @Test
    void aRequestAsLargeAsABatchIsBatchedAndALargerOneIsNot() {
        open(BatchingConfig.builder()
                .delay(Duration.ofDays(1))
                .aloneBelow(Duration.ZERO)
                .maxItems(2)
                .maxBytes(8)
                .build());

        assertThat(runsOnItsCallersThread(2)).isFalse();
        assertThat(runsOnItsCallersThread(3)).isTrue();
        assertThat(runsOnItsCallersThread(0)).isTrue();
        predictor.close();

        open(BatchingConfig.builder()
                .delay(Duration.ofDays(1))
                .aloneBelow(Duration.ZERO)
                .maxItems(2)
                .maxBytes(7)
                .build());
        assertThat(runsOnItsCallersThread(2)).isTrue();
    }

    @Test
    void aCallThatAnswersSeveralIsABatch() {
        open(BatchingConfig.builder()
                .delay(Duration.ofDays(1))
                .aloneBelow(Duration.ZERO)
                .maxItems(2)
                .build());

        predictor.predict(rows(3), context());
        assertThat(batchedRows).isEmpty();
        predictor.predict(rows(3), CallContext.joining(3, 0, CallContext.NO_DEADLINE));

        assertThat(batchedRows).containsExactly(3L);
    }

    @Test
    void nothingIsBatchedOnceItIsRefusedAndTheFirstReasonStays() {
        open(BatchingConfig.builder()
                .delay(Duration.ofDays(1))
                .aloneBelow(Duration.ZERO)
                .maxItems(1)
                .build());
        assertThat(predictor.refusal()).isEmpty();
        assertThat(runsOnItsCallersThread(1)).isFalse();

        predictor.refuse("rows depend on one another");
        predictor.refuse("another reason");

        assertThat(predictor.refusal()).contains("rows depend on one another");
        assertThat(predictor.mismatch()).isEmpty();
        assertThat(runsOnItsCallersThread(1)).isTrue();
    }

    @Test
    void shortRunsAreTimedNowAndThenOnly() {
        open(BatchingConfig.builder().concurrentRuns(1).build());
        runTime = Duration.ofNanos(1_000);
        for (int i = 0; i < 20; i++) {
            predictor.predict(rows(1), context());
        }
        looks.set(0);

        predictor.predict(rows(1), new CallContext(17, CallContext.NO_DEADLINE));
        assertThat(looks).hasValue(0);
        predictor.predict(rows(1), new CallContext(32, CallContext.NO_DEADLINE));
        assertThat(looks).hasValue(2);
        predictor.predict(rows(1), CallContext.joining(2, 17, CallContext.NO_DEADLINE));
        assertThat(looks).hasValue(4);
        assertThat(batchedRows).containsExactly(1L);
    }

    @Test
    void aModelWhoseRunsBecomeLongIsBatchedAgain() {
        open(BatchingConfig.builder().concurrentRuns(1).build());
        runTime = Duration.ofNanos(1_000);
        for (int i = 0; i < 20; i++) {
            predictor.predict(rows(1), context());
        }
        runTime = Duration.ofMillis(1);
        for (int i = 0; i < 200; i++) {
            predictor.predict(rows(1), context());
        }
        looks.set(0);

        predictor.predict(rows(1), new CallContext(17, CallContext.NO_DEADLINE));

        assertThat(looks.get()).isPositive();
    }

    @Test
    void aCallRunsByItselfWhereNoThreadCanBeStarted() {
        open(
                BatchingConfig.builder()
                        .delay(Duration.ofDays(1))
                        .aloneBelow(Duration.ZERO)
                        .maxItems(1)
                        .build(),
                SPINNING,
                work -> {
                    throw new OutOfMemoryError("no more threads");
                });

        assertThat(runsOnItsCallersThread(1)).isTrue();
    }

    @Test
    void aCallThatIsStoppedLeavesTheQueueToTheNext() {
        Waiting stopping = (context, done) -> context.stop(StopReason.CANCELLED);
        open(
                BatchingConfig.builder()
                        .delay(Duration.ofDays(1))
                        .aloneBelow(Duration.ZERO)
                        .maxItems(2)
                        .maxQueued(1)
                        .build(),
                stopping,
                DAEMONS);

        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> predictor.predict(rows(1), context()))
                    .isNotInstanceOf(RejectedException.class)
                    .hasMessageContaining("cancelled");
        }
        assertThat(runners).isEmpty();
    }

    @Test
    void aCallWhoseWaitingFailsLeavesTheQueueToTheNext() {
        Waiting failing = (context, done) -> {
            throw new InferenceException("cannot wait");
        };
        open(
                BatchingConfig.builder()
                        .delay(Duration.ofDays(1))
                        .aloneBelow(Duration.ZERO)
                        .maxItems(2)
                        .maxQueued(1)
                        .build(),
                failing,
                DAEMONS);

        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> predictor.predict(rows(1), context())).hasMessage("cannot wait");
        }
        assertThat(runners).isEmpty();
    }
}
