package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.CancelledException;
import dev.kitchen.error.DeadlineExceededException;
import dev.kitchen.error.KitchenException;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.error.RejectedException;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.testkit.Callers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DeadlineTest extends FakeKitchenTest {

    @Override
    Kitchen.Builder settings(Kitchen.Builder builder) {
        return builder.asyncThreads(2).drainLimit(Duration.ZERO).timeLimit(Duration.ofSeconds(10));
    }

    @Test
    void stopsTheRunWhenTheCallsTimeIsOver() throws InterruptedException {
        backend.block();
        Callers caller = Callers.start(
                1,
                (number, started) -> assertThatThrownBy(
                                () -> endpoint.predict("x", Models.x(1), CallOptions.timeLimit(Duration.ofMillis(50))))
                        .isInstanceOf(DeadlineExceededException.class)
                        .hasMessage("endpoint 'm', version '1': no answer within 50.0 ms"));
        backend.awaitRunning(1);

        ticker.advance(Duration.ofMillis(50));

        caller.join();
        assertThat(backend.running()).isZero();
    }

    @Test
    void anAnswerThatComesAfterTheDeadlineIsADeadlineExceeded() throws InterruptedException {
        backend.block();
        backend.ignoreStops(true);
        Callers caller = Callers.start(
                1,
                (number, started) -> assertThatThrownBy(
                                () -> endpoint.predict("x", Models.x(1), CallOptions.timeLimit(Duration.ofMillis(50))))
                        .isInstanceOf(DeadlineExceededException.class)
                        .hasMessage("endpoint 'm', version '1': no answer within 50.0 ms"));
        backend.awaitRunning(1);

        ticker.advance(Duration.ofMillis(50));
        backend.release();

        caller.join();
        assertThat(endpoint.predict("x", Models.x(1)).tensor("echo")).isEqualTo(Models.x(1));
    }

    @Test
    void aBoundCallThatAnswersAfterTheDeadlineIsADeadlineExceeded() throws InterruptedException {
        backend.block();
        backend.ignoreStops(true);
        Callers caller = Callers.start(1, (number, started) -> {
            try (BoundCall call = endpoint.bind(Map.of("x", Shape.of(1, 1)))) {
                assertThatThrownBy(() -> call.run(CallOptions.timeLimit(Duration.ofMillis(50))))
                        .isInstanceOf(DeadlineExceededException.class);
                call.run();
            }
        });
        backend.awaitRunning(1);

        ticker.advance(Duration.ofMillis(50));
        backend.release();

        caller.join();
    }

    @Test
    void leavesARunAloneWhoseTimeIsNotOver() throws InterruptedException {
        backend.block();
        Callers patient = Callers.start(1, (number, started) -> endpoint.predict("x", Models.x(1)));
        backend.awaitRunning(1);
        Callers hasty = Callers.start(
                1,
                (number, started) -> assertThatThrownBy(
                                () -> endpoint.predict("x", Models.x(2), CallOptions.timeLimit(Duration.ofMillis(50))))
                        .isInstanceOf(DeadlineExceededException.class));
        backend.awaitRunning(2);

        ticker.advance(Duration.ofSeconds(9));
        hasty.join();
        backend.release();

        patient.join();
    }

    @Test
    void theKitchensTimeLimitHoldsForCallsThatBringNone() throws InterruptedException {
        backend.block();
        Callers caller = Callers.start(
                1,
                (number, started) -> assertThatThrownBy(() -> endpoint.predict("x", Models.x(1)))
                        .isInstanceOf(DeadlineExceededException.class)
                        .hasMessageContaining("10000.0 ms"));
        backend.awaitRunning(1);

        ticker.advance(Duration.ofSeconds(10));

        caller.join();
    }

    @Test
    void anUnimaginablyLongTimeLimitIsNone() {
        Prediction prediction =
                endpoint.predict("x", Models.x(1), CallOptions.timeLimit(Duration.ofSeconds(Long.MAX_VALUE)));

        assertThat(prediction.tensor("echo")).isEqualTo(Models.x(1));
    }

    @Test
    void aDeadlineFailureIsCheapAndRetryIsTheCallersChoice() throws InterruptedException {
        backend.block();
        List<KitchenException> failures = new ArrayList<>();
        Callers caller = Callers.start(1, (number, started) -> {
            try {
                endpoint.predict("x", Models.x(1));
            } catch (DeadlineExceededException e) {
                failures.add(e);
            }
        });
        backend.awaitRunning(1);
        ticker.advance(Duration.ofSeconds(10));
        caller.join();

        assertThat(failures)
                .singleElement()
                .satisfies(it -> assertThat(it.getStackTrace()).isEmpty());
    }

    @Test
    void answersLaterOnAThreadOfItsOwn() {
        CompletableFuture<Prediction> future = endpoint.predictAsync(Map.of("x", Models.x(1, 2)));

        assertThat(future.join().tensor("sum").toDoubleArray()).containsExactly(3);
    }

    @Test
    void copiesBorrowedInputsBeforeItReturns() throws InterruptedException {
        ByteBuffer memory = ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder());
        memory.putFloat(0, 1).putFloat(4, 2);
        backend.block();

        CompletableFuture<Prediction> future =
                endpoint.predictAsync(Map.of("x", Tensor.borrow(DataType.FLOAT, memory, 1, 2)));
        backend.awaitRunning(1);
        memory.putFloat(0, 99).putFloat(4, 99);
        backend.release();

        assertThat(future.join().tensor("echo")).isEqualTo(Models.x(1, 2));
    }

    @Test
    void cancellingTheFutureStopsTheRun() throws InterruptedException {
        backend.block();
        CompletableFuture<Prediction> future = endpoint.predictAsync(Map.of("x", Models.x(1)));
        backend.awaitRunning(1);

        future.cancel(true);

        assertThatThrownBy(future::join).isInstanceOf(CancellationException.class);
        kitchen.close();
        assertThat(backend.running()).isZero();
    }

    @Test
    void aFutureFailsWithWhatPredictThrows() {
        backend.fail(() -> new CancelledException("the backend's own"));

        CompletableFuture<Prediction> future = endpoint.predictAsync(Map.of("x", Models.x(1)));

        assertThatThrownBy(future::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(KitchenException.class);
    }

    @Test
    void theTimeLimitIncludesWaitingForAThread() throws InterruptedException {
        backend.block();
        CompletableFuture<Prediction> first = endpoint.predictAsync(Map.of("x", Models.x(1)));
        CompletableFuture<Prediction> second = endpoint.predictAsync(Map.of("x", Models.x(2)));
        backend.awaitRunning(2);

        CompletableFuture<Prediction> waiting = endpoint.predictAsync(
                PredictionRequest.of(Map.of("x", Models.x(3)), CallOptions.timeLimit(Duration.ofSeconds(1))));
        ticker.advance(Duration.ofSeconds(1));

        assertThatThrownBy(waiting::join).hasCauseInstanceOf(DeadlineExceededException.class);
        backend.release();
        assertThat(first.join().tensor("echo")).isEqualTo(Models.x(1));
        assertThat(second.join().tensor("echo")).isEqualTo(Models.x(2));
        assertThat(backend.runs()).isEqualTo(2);
    }

    @Test
    void refusesMoreWaitingCallsThanItCanRemember() throws InterruptedException {
        backend.block();
        List<CompletableFuture<Prediction>> futures = new ArrayList<>();
        futures.add(endpoint.predictAsync(Map.of("x", Models.x(0))));
        futures.add(endpoint.predictAsync(Map.of("x", Models.x(1))));
        backend.awaitRunning(2);
        RejectedException rejected = null;
        for (int i = 2; rejected == null; i++) {
            try {
                futures.add(endpoint.predictAsync(Map.of("x", Models.x(i))));
            } catch (RejectedException e) {
                rejected = e;
            }
        }

        assertThat(rejected.retryable()).isTrue();
        assertThat(rejected.reason()).isEqualTo(RejectedException.Reason.QUEUE_FULL);
        assertThat(rejected.getStackTrace()).isEmpty();
        backend.release();
        for (int i = 0; i < futures.size(); i++) {
            assertThat(futures.get(i).join().tensor("echo")).isEqualTo(Models.x(i));
        }
    }

    @Test
    void closingFailsTheCallsThatStillWaitForAThread() throws InterruptedException {
        backend.block();
        CompletableFuture<Prediction> first = endpoint.predictAsync(Map.of("x", Models.x(1)));
        CompletableFuture<Prediction> second = endpoint.predictAsync(Map.of("x", Models.x(2)));
        backend.awaitRunning(2);
        CompletableFuture<Prediction> waiting = endpoint.predictAsync(Map.of("x", Models.x(3)));
        kitchen.close();

        for (CompletableFuture<Prediction> future : List.of(first, second, waiting)) {
            assertThatThrownBy(future::join).hasCauseInstanceOf(NotReadyException.class);
        }
    }
}
