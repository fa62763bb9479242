package dev.kitchen;

import static dev.kitchen.ScriptedModel.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.batch.BatchingConfig;
import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.DeadlineExceededException;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.spi.RowDependence;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.testkit.Callers;
import dev.kitchen.testkit.FakeBackend;
import dev.kitchen.testkit.ManualTicker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Batches that are run again, request by request, while the version serves. */
@Timeout(60)
class BatchChecksTest {

    private static final BatchingConfig EVERY_BATCH = BatchingConfig.builder()
            .delay(Duration.ofDays(1))
            .aloneBelow(Duration.ZERO)
            .maxItems(4)
            .concurrentRuns(1)
            .checkedShare(1)
            .build();

    @TempDir
    Path directory;

    private final FakeBackend backend = new FakeBackend().inRows();
    private final AtomicInteger checkRuns = new AtomicInteger();

    private static boolean isCheck() {
        return Thread.currentThread().getName().startsWith("kitchen-batch-check-");
    }

    /** A model that answers rows themselves and, once it is told to, adds the first value of a batch to all. */
    private ScriptedModel model(AtomicBoolean mixes, CountDownLatch batchesAnswered) {
        return new ScriptedModel(
                        List.of(tensor("x", DataType.FLOAT, -1, 2)),
                        List.of(tensor("y", DataType.FLOAT, -1, 2)),
                        inputs -> {
                            if (isCheck()) {
                                await(batchesAnswered);
                                checkRuns.incrementAndGet();
                            }
                            float[] values = inputs.tensor("x").toFloatArray();
                            float mixed = mixes.get() && inputs.rowCount() > 1 ? values[0] : 0;
                            for (int i = 0; i < values.length; i++) {
                                values[i] += mixed;
                            }
                            return Map.of(
                                    "y",
                                    Tensor.of(values, inputs.tensor("x").shape().toArray()));
                        })
                .withRows(RowDependence.independent());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private Kitchen.Builder builder(ScriptedModel model, BatchingConfig batching) throws IOException {
        return Kitchen.builder()
                .models(Files.writeString(directory.resolve("m.scripted"), ""))
                .backend(model)
                .endpoint("m", EndpointOptions.builder().batching(batching).build());
    }

    private Kitchen open(ScriptedModel model, BatchingConfig batching) throws IOException {
        return builder(model, batching).open();
    }

    private static void callFourAtOnce(Endpoint endpoint) throws InterruptedException {
        Callers.run(4, caller -> endpoint.predict("x", Tensor.of(new float[] {caller + 1, 5}, 1, 2)));
    }

    @Test
    void aBatchThatAnswersOtherwiseThanRowsAloneEndsBatching() throws Exception {
        AtomicBoolean mixes = new AtomicBoolean();
        try (Kitchen kitchen = open(model(mixes, new CountDownLatch(0)), EVERY_BATCH)) {
            Endpoint endpoint = kitchen.endpoint("m");
            assertThat(endpoint.batchingRefusal()).isEmpty();
            assertThat(kitchen.health().status()).isEqualTo(Health.Status.UP);
            mixes.set(true);

            callFourAtOnce(endpoint);
            Waits.until(() -> !endpoint.batchingRefusal().isEmpty());

            assertThat(endpoint.batchingRefusal().orElseThrow())
                    .contains("output 'y' of request ", " of 4 in a batch is not what it is alone: element 0 is ");
            assertThat(kitchen.health().status()).isEqualTo(Health.Status.DEGRADED);
            assertThat(kitchen.health().problems())
                    .singleElement()
                    .asString()
                    .startsWith("endpoint 'm', version '1': is no longer batched: output 'y' of request ");
            assertThat(endpoint.predict("x", Tensor.of(new float[] {7, 8}, 1, 2))
                            .tensor("y")
                            .toFloatArray())
                    .containsExactly(7, 8);
        }
    }

    @Test
    void aCheckThatAgreesChangesNothingAndCountsNoCalls() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        try (Kitchen kitchen = open(model(new AtomicBoolean(), answered), EVERY_BATCH)) {
            Endpoint endpoint = kitchen.endpoint("m");

            callFourAtOnce(endpoint);
            answered.countDown();
            Waits.until(() -> checkRuns.get() >= 4);

            assertThat(endpoint.statistics().get(0).answers()).isEqualTo(4);
            assertThat(endpoint.batchingRefusal()).isEmpty();
            assertThat(kitchen.health().status()).isEqualTo(Health.Status.UP);
        }
    }

    @Test
    void whileABatchIsCheckedOthersAreNotAndNobodyWaits() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        ScriptedModel model = model(new AtomicBoolean(), answered);
        try (Kitchen kitchen = open(model, EVERY_BATCH)) {
            Endpoint endpoint = kitchen.endpoint("m");
            for (int i = 0; i < 3; i++) {
                callFourAtOnce(endpoint);
            }
            answered.countDown();
        }

        assertThat(checkRuns.get()).isLessThanOrEqualTo(4);
    }

    @Test
    void aCallerThatLeavesABatchMayUseItsMemoryForSomethingElse() throws Exception {
        ManualTicker ticker = new ManualTicker();
        AtomicBoolean holds = new AtomicBoolean();
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch scribbled = new CountDownLatch(1);
        List<Float> checked = new CopyOnWriteArrayList<>();
        ScriptedModel model = new ScriptedModel(
                        List.of(tensor("x", DataType.FLOAT, -1, 1)),
                        List.of(tensor("y", DataType.FLOAT, -1, 1)),
                        inputs -> {
                            if (isCheck()) {
                                checked.add(inputs.tensor("x").floatAt(0));
                            } else if (holds.get()) {
                                running.countDown();
                                await(scribbled);
                            }
                            Tensor x = inputs.tensor("x");
                            return Map.of("y", Tensor.copyOf(x.type(), x.bytes(), x.shape()));
                        })
                .withRows(RowDependence.independent());
        try (Kitchen kitchen = builder(
                        model, EVERY_BATCH.toBuilder().maxItems(2).build())
                .ticker(ticker)
                .open()) {
            Endpoint endpoint = kitchen.endpoint("m");
            holds.set(true);
            Callers patient = Callers.start(
                    1,
                    (caller, started) -> assertThat(endpoint.predict("x", Models.x(7))
                                    .tensor("y")
                                    .floatAt(0))
                            .isEqualTo(7));
            ByteBuffer memory = ByteBuffer.allocateDirect(4).order(ByteOrder.nativeOrder());
            memory.putFloat(0, 1);
            Callers hasty = Callers.start(
                    1,
                    (caller, started) -> assertThatThrownBy(() -> endpoint.predict(
                                    "x",
                                    Tensor.borrow(DataType.FLOAT, memory, 1, 1),
                                    CallOptions.timeLimit(Duration.ofMillis(50))))
                            .isInstanceOf(DeadlineExceededException.class));
            running.await();
            ticker.advance(Duration.ofMillis(50));
            hasty.join();

            memory.putFloat(0, -99);
            scribbled.countDown();

            patient.join();
            Waits.until(() -> checked.size() == 2 || endpoint.batchingRefusal().isPresent());
            assertThat(endpoint.batchingRefusal()).isEmpty();
            assertThat(checked).containsExactlyInAnyOrder(1f, 7f);
        }
    }

    @Test
    void aCheckUnderWayDoesNotHoldUpAClosingKitchen() throws Exception {
        FakeBackend.writeModel(directory, "m", "tag");
        backend.duringRuns(() -> {});
        Kitchen kitchen = Kitchen.builder()
                .models(directory)
                .backend(backend)
                .drainLimit(Duration.ofDays(1))
                .endpoint("m", EndpointOptions.builder().batching(EVERY_BATCH).build())
                .open();
        backend.duringRuns(backend::block);
        Callers.run(4, caller -> kitchen.endpoint("m").predict("x", Models.x(caller, 1)));
        backend.awaitRunning(1);

        kitchen.close();

        assertThat(backend.running()).isZero();
        assertThat(backend.openSessions()).isZero();
        assertThat(backend.violations()).isZero();
    }

    @Test
    void noBatchIsCheckedWhereTheShareIsZero() throws Exception {
        try (Kitchen kitchen = open(
                model(new AtomicBoolean(), new CountDownLatch(0)),
                EVERY_BATCH.toBuilder().checkedShare(0).build())) {
            callFourAtOnce(kitchen.endpoint("m"));
        }
        assertThat(checkRuns).hasValue(0);
    }

    @Test
    void aShareIsNoMoreThanAll() {
        assertThatThrownBy(() -> BatchingConfig.builder().checkedShare(1.5).build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("batching: checkedShare is 1.5, expected 0 to 1");
        assertThatThrownBy(
                        () -> BatchingConfig.builder().checkedShare(Double.NaN).build())
                .isInstanceOf(ConfigurationException.class);
    }
}
