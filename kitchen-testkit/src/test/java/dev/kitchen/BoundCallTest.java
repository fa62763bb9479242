package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.DeadlineExceededException;
import dev.kitchen.error.InferenceException;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.testkit.Callers;
import dev.kitchen.testkit.FakeBackend;
import dev.kitchen.testkit.RecordingListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class BoundCallTest {

    private static final Map<String, Shape> ROW = Map.of("x", Shape.of(1, 2));

    @TempDir
    Path directory;

    private final FakeBackend backend = new FakeBackend();
    private final RecordingListener listener = new RecordingListener();
    private Kitchen kitchen;
    private Endpoint endpoint;

    @BeforeEach
    void open() throws IOException {
        kitchen = Kitchen.builder()
                .models(FakeBackend.writeModel(directory, "m", "one"))
                .backend(backend)
                .listener(listener)
                .drainLimit(Duration.ZERO)
                .open();
        endpoint = kitchen.endpoint("m");
    }

    @AfterEach
    void leaksNoSession() {
        backend.release();
        kitchen.close();
        assertThat(backend.openSessions()).isZero();
        assertThat(backend.violations()).isZero();
    }

    @Test
    void answersAgainAndAgainOverTheSameMemory() {
        try (BoundCall call = endpoint.bind(ROW)) {
            for (int i = 0; i < 5; i++) {
                call.input("x").asFloatBuffer().put(0, new float[] {i, 10});
                call.run();

                assertThat(call.output("sum").getDouble(0)).isEqualTo(i + 10);
                assertThat(call.output("echo").getFloat(0)).isEqualTo(i);
                assertThat(((Tensor) call.value("tag")).stringAt(0)).isEqualTo("one");
            }
        }
        assertThat(listener.predictions()).hasSize(5);
    }

    @Test
    void goesByTheMemoryWhateverItsOwnerDoesToTheBuffer() throws IOException {
        try (BoundCall call = endpoint.bind(ROW)) {
            ByteBuffer x = call.input("x");
            x.putFloat(3).putFloat(4).flip().position(8).order(ByteOrder.BIG_ENDIAN);
            call.output("sum").position(8);
            FakeBackend.writeModel(directory, "m", "another");
            kitchen.refresh();

            call.run();

            assertThat(call.value("sum")).isEqualTo(Tensor.of(new double[] {7}, 1));
            assertThat(call.output("sum").getDouble(0)).isEqualTo(7);
        }
    }

    @Test
    void aShapeThatCannotBeKnownIsAskedFor() {
        assertThatThrownBy(() -> endpoint.bind())
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("endpoint 'm', version '1': input 'x'")
                .hasMessageContaining("bind(Map.of(\"x\", Shape.of(...)))");
        assertThatThrownBy(() -> endpoint.bind(Map.of("x", Shape.of(3))))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("[3]");
        assertThatThrownBy(() -> endpoint.bind(Map.of("z", Shape.of(3))))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("[z]");
        assertThatThrownBy(() -> endpoint.bind(0)).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> endpoint.bind(Map.of("x", Shape.of(1L << 20, 1L << 20))))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("too large");
    }

    @Test
    void namesWhatIsBoundWhereAskedForSomethingElse() {
        try (BoundCall call = endpoint.bind(ROW)) {
            assertThatThrownBy(() -> call.input("y"))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("[x]");
            assertThatThrownBy(() -> call.output("tag"))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("[echo, sum]")
                    .hasMessageContaining("value(name)");
            assertThatThrownBy(() -> call.run(CallOptions.requestedOutputs("sum")))
                    .isInstanceOf(InvalidRequestException.class);
        }
    }

    @Test
    void hasNoAnswerBeforeARunAndAfterOneThatFailed() {
        try (BoundCall call = endpoint.bind(ROW)) {
            assertThatThrownBy(() -> call.value("sum")).isInstanceOf(InvalidRequestException.class);
            call.run();
            backend.fail(() -> new InferenceException("no"));

            assertThatThrownBy(call::run)
                    .isInstanceOf(InferenceException.class)
                    .hasMessageContaining("endpoint 'm', version '1'");
            assertThatThrownBy(() -> call.value("sum")).isInstanceOf(InvalidRequestException.class);

            backend.recover();
            call.run();
            assertThat(call.value("sum")).isEqualTo(Tensor.of(new double[] {0}, 1));
        }
    }

    @Test
    void refusesASecondUserDuringARun() throws Exception {
        try (BoundCall call = endpoint.bind(ROW)) {
            backend.block();
            Callers first = Callers.start(1, (caller, started) -> {
                started.run();
                call.run();
            });
            backend.awaitRunning(1);

            assertThatThrownBy(call::run)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("another thread");
            assertThatThrownBy(() -> call.value("sum")).isInstanceOf(IllegalStateException.class);

            backend.release();
            first.join();
            call.run();
        }
    }

    @Test
    void closedDuringARunItLetsTheRunEnd() throws Exception {
        BoundCall call = endpoint.bind(ROW);
        backend.block();
        Callers first = Callers.start(1, (caller, started) -> {
            started.run();
            call.run();
        });
        backend.awaitRunning(1);

        call.close();
        backend.release();
        first.join();

        assertThatThrownBy(call::run).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
        call.close();
    }

    @Test
    void stopsARunWhoseTimeIsOverAndRunsAgain() {
        try (BoundCall call = endpoint.bind(ROW)) {
            for (int i = 0; i < 20; i++) {
                backend.block();
                assertThatThrownBy(() -> call.run(CallOptions.timeLimit(Duration.ofMillis(2))))
                        .isInstanceOf(DeadlineExceededException.class);
                backend.release();
                call.run();
            }
        }
    }

    @Test
    void bindsToANewVersionByItself() throws IOException {
        try (BoundCall call = endpoint.bind(ROW)) {
            call.run();
            assertThat(call.version()).isEqualTo("1");
            FakeBackend.writeModel(directory, "m", "another");
            kitchen.refresh();

            call.run();

            assertThat(call.version()).isEqualTo("2");
            assertThat(((Tensor) call.value("tag")).stringAt(0)).isEqualTo("another");
        }
    }

    @Test
    void anIdleCallKeepsNoVersionFromBeingFreed() throws IOException {
        try (BoundCall call = endpoint.bind(ROW)) {
            call.run();
            FakeBackend.writeModel(directory, "m", "another");
            kitchen.refresh();
            kitchen.close();

            assertThat(backend.openSessions()).isZero();
            assertThatThrownBy(call::run).isInstanceOf(NotReadyException.class);
        }
    }

    @Test
    void aPoolHandsEachCallToOneThreadAtATime() throws Exception {
        try (BoundCalls calls = endpoint.bindings(2, ROW)) {
            Callers.run(8, caller -> {
                for (int i = 0; i < 200; i++) {
                    float mine = caller * 1000 + i;
                    double sum = calls.use(call -> {
                        call.input("x").asFloatBuffer().put(0, new float[] {mine, 1});
                        call.run();
                        return call.output("sum").getDouble(0);
                    });
                    assertThat(sum).isEqualTo(mine + 1);
                }
            });
        }
    }

    @Test
    void aClosedPoolIsRefused() {
        BoundCalls calls = endpoint.bindings(1, ROW);
        calls.close();

        assertThatThrownBy(() -> calls.use(BoundCall::version))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> endpoint.bindings(0)).hasMessageContaining("expected 1 or more");
    }

    @Test
    void whoWaitsForACallIsFreedByClosing() throws Exception {
        for (boolean closesKitchen : new boolean[] {false, true}) {
            BoundCalls calls = endpoint.bindings(1, ROW);
            CountDownLatch held = new CountDownLatch(1);
            FutureTask<String> holding = new FutureTask<>(() -> calls.use(call -> {
                await(held);
                return "held";
            }));
            new Thread(holding, "holder").start();
            FutureTask<String> waiting = new FutureTask<>(() -> calls.use(BoundCall::version));
            Thread waiter = new Thread(waiting, "waiter");
            waiter.start();
            Waits.until(() -> waiter.getState() == Thread.State.TIMED_WAITING);

            if (closesKitchen) {
                kitchen.close();
            } else {
                calls.close();
            }

            assertThatThrownBy(waiting::get)
                    .hasCauseInstanceOf(closesKitchen ? NotReadyException.class : IllegalStateException.class);
            held.countDown();
            assertThat(holding.get()).isEqualTo("held");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
