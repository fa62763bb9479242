package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.batch.BatchingConfig;
import dev.kitchen.error.CancelledException;
import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.DeadlineExceededException;
import dev.kitchen.error.InferenceException;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.error.RejectedException;
import dev.kitchen.observe.BatchEvent;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.Ticker;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.testkit.Callers;
import dev.kitchen.testkit.FakeBackend;
import dev.kitchen.testkit.ManualTicker;
import dev.kitchen.testkit.RecordingListener;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class BatchingTest {

    /** Longer than any test: batches run when they are full, or the clock is told so. */
    private static final BatchingConfig WHEN_FULL = BatchingConfig.builder()
            .delay(Duration.ofDays(1))
            .aloneBelow(Duration.ZERO)
            .concurrentRuns(1)
            .build();

    @TempDir
    Path directory;

    private final FakeBackend backend = new FakeBackend().inRows();
    private final ManualTicker ticker = new ManualTicker();
    private final RecordingListener listener = new RecordingListener();
    private Kitchen kitchen;
    private Endpoint endpoint;

    private void open(BatchingConfig batching) throws IOException {
        open(batching, ticker);
    }

    private void open(BatchingConfig batching, Ticker clock) throws IOException {
        FakeBackend.writeModel(directory, "m", "tag");
        kitchen = Kitchen.builder()
                .models(directory)
                .backend(backend)
                .ticker(clock)
                .listener(listener)
                .drainLimit(Duration.ZERO)
                .endpoint("m", EndpointOptions.builder().batching(batching).build())
                .open();
        endpoint = kitchen.endpoint("m");
    }

    @AfterEach
    void close() {
        backend.release();
        kitchen.close();
        assertThat(backend.violations()).isZero();
        assertThat(backend.openSessions()).isZero();
        assertThat(backend.running()).isZero();
        assertThat(batchers()).isEmpty();
    }

    private static List<String> batchers() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(it -> it.startsWith("kitchen-batcher-"))
                .toList();
    }

    @Test
    void runsAFullBatchOnceAndGivesEachCallerItsRow() throws Exception {
        open(WHEN_FULL.toBuilder().maxItems(10).build());
        int before = backend.runs();

        List<Prediction> answers = Callers.results(10, caller -> endpoint.predict("x", Models.x(caller, 1)));

        assertThat(backend.runs() - before).isEqualTo(1);
        for (int i = 0; i < 10; i++) {
            assertThat(answers.get(i).tensor("echo")).isEqualTo(Models.x(i, 1));
            assertThat(answers.get(i).tensor("sum")).isEqualTo(Tensor.of(new double[] {i + 1}, 1));
            assertThat(answers.get(i).tensor("tag")).isEqualTo(Tensor.ofStrings(new String[] {"tag"}, 1));
        }
    }

    @Test
    void answersAreThoseOfTheUnbatchedModel() throws Exception {
        open(
                BatchingConfig.builder()
                        .aloneBelow(Duration.ZERO)
                        .concurrentRuns(1)
                        .maxItems(16)
                        .build(),
                Ticker.system());
        compareRandomCalls();
    }

    @Test
    void delayedAnswersAreThoseOfTheUnbatchedModel() throws Exception {
        open(
                BatchingConfig.builder()
                        .delay(Duration.ofNanos(50_000))
                        .aloneBelow(Duration.ZERO)
                        .maxItems(16)
                        .build(),
                Ticker.system());
        compareRandomCalls();
        assertThat(listener.batches()).anyMatch(it -> it.requests() > 1);
    }

    @Test
    void adaptiveAnswersAreThoseOfTheUnbatchedModel() throws Exception {
        open(
                BatchingConfig.builder()
                        .aloneBelow(Duration.ZERO)
                        .targetLatency(Duration.ofNanos(30_000))
                        .build(),
                Ticker.system());
        compareRandomCalls();
    }

    private void compareRandomCalls() throws InterruptedException {
        Kitchen unbatched = Kitchen.builder().models(directory).backend(backend).open();
        Callers.run(10, caller -> {
            SplittableRandom random = new SplittableRandom(caller);
            for (int i = 0; i < 200; i++) {
                int rows = random.nextInt(6);
                int columns = 1 + random.nextInt(3);
                float[] data = new float[rows * columns];
                for (int k = 0; k < data.length; k++) {
                    data[k] = caller * 10_000 + i * 10 + k;
                }
                CallOptions options = random.nextBoolean()
                        ? CallOptions.defaults()
                        : CallOptions.requestedOutputs("sum", random.nextBoolean() ? "echo" : "tag");
                Map<String, Tensor> inputs = Map.of("x", Tensor.of(data, rows, columns));
                assertThat(endpoint.predict(inputs, options).outputs())
                        .isEqualTo(
                                unbatched.endpoint("m").predict(inputs, options).outputs());
            }
        });
        unbatched.close();
    }

    @Test
    void aCallThatFindsNobodyWaitingRunsOnItsOwnThread() throws Exception {
        open(BatchingConfig.defaults());
        List<Thread> runners = new ArrayList<>();
        backend.duringRuns(() -> runners.add(Thread.currentThread()));

        endpoint.predict("x", Models.x(1));

        assertThat(runners).containsExactly(Thread.currentThread());
    }

    @Test
    void whatQueuedWhileARunWasUnderWayGoesTogether() throws Exception {
        open(BatchingConfig.builder().concurrentRuns(1).build());
        int before = backend.runs();
        backend.block();
        Callers first = Callers.start(1, (caller, started) -> endpoint.predict("x", Models.x(1)));
        backend.awaitRunning(1);
        List<CompletableFuture<Prediction>> others = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            float number = i;
            CompletableFuture<Prediction> other = new CompletableFuture<>();
            Threads.startAndAwaitWaiting(new Thread(() -> other.complete(endpoint.predict("x", Models.x(number)))));
            others.add(other);
        }

        backend.release();

        first.join();
        for (int i = 0; i < 3; i++) {
            assertThat(others.get(i).join().tensor("echo")).isEqualTo(Models.x(i));
        }
        assertThat(backend.runs() - before).isEqualTo(2);
        assertThat(listener.batches()).extracting(BatchEvent::requests).containsExactly(1, 3);
    }

    @Test
    void callsOfAQuickModelRunByThemselvesAndAtOnce() throws Exception {
        AtomicLong clock = new AtomicLong();
        open(BatchingConfig.builder().concurrentRuns(1).build(), () -> clock.addAndGet(1_000));
        for (int i = 0; i < 20; i++) {
            endpoint.predict("x", Models.x(1));
        }
        backend.block();

        Callers callers = Callers.start(3, (caller, started) -> endpoint.predict("x", Models.x(caller)));
        backend.awaitRunning(3);
        backend.release();

        callers.join();
        assertThat(listener.batches()).allMatch(it -> it.requests() == 1);
    }

    @Test
    void countsRunsThatCallsShareInTheStatistics() throws Exception {
        open(WHEN_FULL.toBuilder().maxItems(6).build());

        Callers.run(3, caller -> endpoint.predict("x", Tensor.of(new float[] {1, 2}, 2, 1)));

        assertThat(endpoint.statistics()).singleElement().satisfies(it -> {
            assertThat(it.batches()).isEqualTo(1);
            assertThat(it.batchedRows()).isEqualTo(6);
            assertThat(it.rowsPerBatch()).isEqualTo(6);
            assertThat(it.answers()).isEqualTo(3);
        });
    }

    @Test
    void tellsOfRunsAndTheirRows() throws Exception {
        open(WHEN_FULL.toBuilder().maxItems(6).build());

        Callers.run(3, caller -> endpoint.predict("x", Tensor.of(new float[] {1, 2}, 2, 1)));

        kitchen.close();
        assertThat(listener.batches()).singleElement().satisfies(it -> {
            assertThat(it.model()).isEqualTo("m");
            assertThat(it.version()).isEqualTo("1");
            assertThat(it.rows()).isEqualTo(6);
            assertThat(it.requests()).isEqualTo(3);
        });
    }

    @Test
    void aRequestWithMoreRowsThanABatchRunsByItself() throws Exception {
        open(WHEN_FULL.toBuilder().maxItems(2).build());

        Prediction answer = endpoint.predict("x", Tensor.of(new float[] {1, 2, 3}, 3, 1));

        assertThat(answer.tensor("sum").toDoubleArray()).containsExactly(1, 2, 3);
    }

    @Test
    void aRequestWithMoreBytesThanABatchRunsByItself() throws Exception {
        open(WHEN_FULL.toBuilder().maxBytes(8).build());

        Prediction answer = endpoint.predict("x", Models.x(1, 2, 3));

        assertThat(answer.tensor("sum").toDoubleArray()).containsExactly(6);
    }

    @Test
    void refusesMoreWaitingCallsThanItMayHoldAtOnce() throws Exception {
        open(WHEN_FULL.toBuilder().maxItems(100).maxQueued(2).build());
        CountDownLatch rejected = new CountDownLatch(1);
        AtomicInteger answered = new AtomicInteger();

        Callers callers = Callers.start(3, (caller, started) -> {
            try {
                endpoint.predict("x", Models.x(caller));
                answered.incrementAndGet();
            } catch (RejectedException e) {
                assertThat(e.reason()).isEqualTo(RejectedException.Reason.QUEUE_FULL);
                assertThat(e).hasMessage("endpoint 'm', version '1': 2 calls wait for a batch already");
                rejected.countDown();
            }
        });
        rejected.await();
        ticker.advance(Duration.ofDays(1));

        callers.join();
        assertThat(answered).hasValue(2);
    }

    @Test
    void noCallWaitsLongerForOthersThanTenSeconds() throws Exception {
        open(BatchingConfig.builder()
                .delay(Duration.ofSeconds(Long.MAX_VALUE))
                .aloneBelow(Duration.ZERO)
                .build());
        int before = backend.runs();
        Callers caller = Callers.start(1, (number, started) -> endpoint.predict("x", Models.x(1)));

        Waits.until(() -> {
            ticker.advance(Duration.ofSeconds(10));
            return backend.runs() > before;
        });

        caller.join();
    }

    @Test
    void noCallWaitsForOthersLongerThanHalfOfItsTime() throws Exception {
        open(WHEN_FULL);
        CompletableFuture<Prediction> answer = new CompletableFuture<>();
        CallOptions limit = CallOptions.timeLimit(Duration.ofSeconds(2));
        Threads.startAndAwaitWaiting(new Thread(() -> answer.complete(endpoint.predict("x", Models.x(3), limit))));

        ticker.advance(Duration.ofSeconds(1));

        assertThat(answer.get(30, TimeUnit.SECONDS).tensor("echo")).isEqualTo(Models.x(3));
    }

    @Test
    void aCallWhoseTimeIsOverLeavesTheQueueAndIsNotRun() throws Exception {
        open(WHEN_FULL.toBuilder().maxItems(2).build());
        int before = backend.runs();
        CountDownLatch expired = new CountDownLatch(1);
        Callers callers = Callers.start(2, (caller, started) -> {
            if (caller == 0) {
                assertThatThrownBy(
                                () -> endpoint.predict("x", Models.x(1), CallOptions.timeLimit(Duration.ofMillis(50))))
                        .isInstanceOf(DeadlineExceededException.class)
                        .hasMessage("endpoint 'm', version '1': no answer within 50.0 ms");
                expired.countDown();
            } else {
                expired.await();
                endpoint.predict("x", Models.x(2));
            }
        });

        while (expired.getCount() > 0) {
            ticker.advance(Duration.ofMillis(50));
            Thread.onSpinWait();
        }
        ticker.advance(Duration.ofDays(1));
        while (backend.runs() == before) {
            ticker.advance(Duration.ofDays(1));
            Thread.onSpinWait();
        }

        callers.join();
        assertThat(backend.runs() - before).isEqualTo(1);
    }

    @Test
    void aCallWhoseTimeIsOverLeavesTheRunToTheOthers() throws Exception {
        open(WHEN_FULL.toBuilder().maxItems(2).build());
        backend.block();
        Callers patient = Callers.start(
                1,
                (caller, started) -> assertThat(
                                endpoint.predict("x", Models.x(7)).tensor("echo"))
                        .isEqualTo(Models.x(7)));
        Callers hasty = Callers.start(
                1,
                (caller, started) -> assertThatThrownBy(
                                () -> endpoint.predict("x", Models.x(1), CallOptions.timeLimit(Duration.ofMillis(50))))
                        .isInstanceOf(DeadlineExceededException.class));
        backend.awaitRunning(1);

        ticker.advance(Duration.ofMillis(50));
        hasty.join();
        assertThat(backend.running()).isEqualTo(1);
        backend.release();

        patient.join();
    }

    @Test
    void theRunIsStoppedWhenItsLastCallHasLeft() throws Exception {
        open(WHEN_FULL.toBuilder().maxItems(2).build());
        backend.block();
        CompletableFuture<Prediction> first = endpoint.predictAsync(Map.of("x", Models.x(1)));
        CompletableFuture<Prediction> second = endpoint.predictAsync(Map.of("x", Models.x(2)));
        backend.awaitRunning(1);

        first.cancel(true);
        assertThat(backend.running()).isEqualTo(1);
        second.cancel(true);

        Waits.until(() -> backend.running() == 0);
    }

    @Test
    void anInterruptFreesACallerThatWaits() throws Exception {
        open(WHEN_FULL);
        Callers caller = Callers.start(1, (number, started) -> {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> endpoint.predict("x", Models.x(1))).isInstanceOf(CancelledException.class);
            assertThat(Thread.interrupted()).isTrue();
        });

        caller.join();
    }

    @Test
    void closingEndsThoseWhoWait() throws Exception {
        open(WHEN_FULL);
        CompletableFuture<Prediction> waiting = endpoint.predictAsync(Map.of("x", Models.x(1)));

        kitchen.close();

        assertThatThrownBy(waiting::join).hasCauseInstanceOf(NotReadyException.class);
    }

    @Test
    void closingUnderLoadAnswersOrRefusesEachCall() throws Exception {
        open(
                BatchingConfig.builder()
                        .aloneBelow(Duration.ZERO)
                        .concurrentRuns(1)
                        .build(),
                Ticker.system());
        backend.duringRuns(() -> LockSupport.parkNanos(50_000));
        AtomicInteger refused = new AtomicInteger();
        Callers callers = Callers.start(8, (caller, started) -> {
            try {
                for (int i = 0; ; i++) {
                    Tensor question = Models.x(caller, i);
                    assertThat(endpoint.predict("x", question).tensor("echo")).isEqualTo(question);
                    started.run();
                }
            } catch (NotReadyException e) {
                refused.incrementAndGet();
            }
        });
        callers.awaitStarted();
        Waits.until(() -> listener.batches().stream().anyMatch(it -> it.requests() > 1));

        kitchen.close();

        callers.join();
        assertThat(refused).hasValue(8);
    }

    @Test
    void aSwapLetsTheOldVersionsBatchesEnd() throws Exception {
        open(WHEN_FULL.toBuilder().maxItems(2).build());
        backend.block();
        CompletableFuture<Prediction> first = endpoint.predictAsync(Map.of("x", Models.x(1)));
        CompletableFuture<Prediction> second = endpoint.predictAsync(Map.of("x", Models.x(2)));
        backend.awaitRunning(1);
        FakeBackend.writeModel(directory, "m", "next tag");
        CompletableFuture<Void> swap = CompletableFuture.runAsync(kitchen::refresh);

        backend.release();
        swap.join();

        assertThat(first.join().tensor("tag").stringAt(0)).isEqualTo("tag");
        assertThat(second.join().tensor("tag").stringAt(0)).isEqualTo("tag");
        List<Prediction> later = Callers.results(2, caller -> endpoint.predict("x", Models.x(caller)));
        assertThat(later).allMatch(it -> it.tensor("tag").stringAt(0).equals("next tag"));
    }

    @Test
    void aClockThatFailsFailsOneCallAndNotTheBatcher() throws Exception {
        AtomicInteger failures = new AtomicInteger();
        open(WHEN_FULL.toBuilder().maxItems(1).build(), () -> {
            boolean batcher = Thread.currentThread().getName().startsWith("kitchen-batcher-");
            if (batcher && failures.getAndDecrement() > 0) {
                throw new IllegalStateException("the clock is broken");
            }
            return ticker.nanoTime();
        });
        failures.set(1);

        assertThatThrownBy(() -> endpoint.predict("x", Models.x(1)))
                .isInstanceOf(InferenceException.class)
                .hasRootCauseMessage("the clock is broken");

        assertThat(endpoint.predict("x", Models.x(2)).tensor("echo")).isEqualTo(Models.x(2));
    }

    @Test
    void aBackendThatFailsFailsEachCallWithAnErrorOfItsOwn() throws Exception {
        open(WHEN_FULL.toBuilder().maxItems(4).build());
        backend.fail(() -> new InferenceException("no"));

        List<InferenceException> failures = Callers.results(4, caller -> {
            try {
                endpoint.predict("x", Models.x(caller));
                throw new AssertionError("answered");
            } catch (InferenceException e) {
                return e;
            }
        });

        assertThat(failures)
                .doesNotHaveDuplicates()
                .allMatch(it -> it.getMessage().endsWith("no"));
        backend.recover();
        Callers.run(4, caller -> endpoint.predict("x", Models.x(caller)));
        assertThat(endpoint.batchingRefusal()).isEmpty();
    }

    @Test
    void saysAllThatIsWrongWithItsSettings() throws IOException {
        open(BatchingConfig.defaults());

        BatchingConfig.Builder settings = BatchingConfig.builder()
                .delay(Duration.ofNanos(-1))
                .targetLatency(Duration.ZERO)
                .maxItems(0)
                .maxBytes(0)
                .maxQueued(0)
                .concurrentRuns(0)
                .aloneBelow(Duration.ofNanos(-1))
                .checkedShare(1.5);
        assertThatThrownBy(settings::build)
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        "batching: delay is PT-0.000000001S, expected zero or more; targetLatency is PT0S, expected more"
                                + " than zero; maxItems is 0, expected 1 or more; maxBytes is 0, expected 1 or more; maxQueued is 0,"
                                + " expected 1 or more; concurrentRuns is 0, expected 1 or more; aloneBelow is PT-0.000000001S,"
                                + " expected zero or more; checkedShare is 1.5, expected 0 to 1");
    }
}
