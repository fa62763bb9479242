package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.error.CancelledException;
import dev.kitchen.predict.Prediction;
import dev.kitchen.tensor.Shape;
import dev.kitchen.testkit.FakeBackend;
import dev.kitchen.testkit.ManualTicker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class InterruptTest {

    @TempDir
    Path directory;

    private final FakeBackend backend = new FakeBackend();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private Kitchen kitchen;
    private Endpoint endpoint;

    @BeforeEach
    void open() throws IOException {
        FakeBackend.writeModel(directory, "m", "tag");
        // A clock that stands still: interrupts come in real time.
        kitchen = Kitchen.builder()
                .models(directory)
                .backend(backend)
                .ticker(new ManualTicker())
                .open();
        endpoint = kitchen.endpoint("m");
    }

    @AfterEach
    void close() {
        backend.release();
        kitchen.close();
        assertThat(backend.violations()).isZero();
        assertThat(backend.openSessions()).isZero();
    }

    @Test
    void interruptingACallerEndsItsRun() throws InterruptedException {
        interruptDuring(() -> endpoint.predict("x", Models.x(1)));
    }

    @Test
    void interruptingACallerEndsItsBoundRun() throws InterruptedException {
        try (BoundCall call = endpoint.bind(Map.of("x", Shape.of(1, 1)))) {
            interruptDuring(call::run);
            backend.release();

            call.run();
        }
    }

    @Test
    void interruptingWhoAskedForALaterAnswerDoesNotEndIt() throws InterruptedException {
        backend.block();
        CountDownLatch done = new CountDownLatch(1);
        AtomicReference<CompletableFuture<Prediction>> future = new AtomicReference<>();
        Thread asking = new Thread(() -> {
            future.set(endpoint.predictAsync(Map.of("x", Models.x(1))));
            Thread.currentThread().interrupt();
            while (done.getCount() > 0) {
                Thread.onSpinWait();
            }
        });
        asking.start();
        backend.awaitRunning(1);

        // Once this one is noticed, the other would have been too.
        interruptDuring(() -> endpoint.predict("x", Models.x(2)));
        done.countDown();
        asking.join();
        backend.release();

        assertThat(future.get().join().tensor("echo")).isEqualTo(Models.x(1));
    }

    private void interruptDuring(Runnable call) throws InterruptedException {
        backend.block();
        int before = backend.running();
        Thread caller = new Thread(() -> {
            try {
                call.run();
            } catch (CancelledException e) {
                failure.set(Thread.currentThread().isInterrupted() ? e : new AssertionError("not interrupted"));
            }
        });
        caller.setDaemon(true);
        caller.start();
        backend.awaitRunning(before + 1);

        caller.interrupt();
        caller.join();

        assertThat(failure.get())
                .isInstanceOf(CancelledException.class)
                .hasMessageContaining("cancelled by its caller");
        assertThat(backend.running()).isEqualTo(before);
    }
}
