package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.error.CancelledException;
import dev.kitchen.predict.Prediction;
import dev.kitchen.tensor.Shape;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The clock stands still: interrupts come in real time. */
@Timeout(60)
class InterruptTest extends FakeKitchenTest {

    private final AtomicReference<Throwable> failure = new AtomicReference<>();

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
