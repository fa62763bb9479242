package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.error.CancelledException;
import dev.kitchen.error.DeadlineExceededException;
import dev.kitchen.error.InferenceException;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.Prediction;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

@Timeout(60)
@EnabledForJreRange(min = JRE.JAVA_21)
class VirtualThreadsTest extends FakeKitchenTest {

    private static final Duration LONG = Duration.ofMillis(10);

    private final AtomicReference<Thread> runner = new AtomicReference<>();
    private final AtomicReference<Object> outcome = new AtomicReference<>();

    @Test
    void shortRunsStayOnTheirThread() throws InterruptedException {
        backend.duringRuns(() -> runner.set(Thread.currentThread()));
        for (int i = 0; i < 50; i++) {
            Thread caller = onAVirtualThread(() -> endpoint.predict("x", Models.x(1)));

            assertThat(runner.get()).isEqualTo(caller);
        }
    }

    @Test
    void longRunsLeaveVirtualThreadsFree() throws InterruptedException {
        makeRunsLong();

        onAVirtualThread(() -> endpoint.predict("x", Models.x(7)));

        assertThat(runner.get().getName()).startsWith("kitchen-run-");
        assertThat(((Prediction) outcome.get()).tensor("echo")).isEqualTo(Models.x(7));
    }

    @Test
    void longRunsOfOtherThreadsStayThere() throws InterruptedException {
        makeRunsLong();

        endpoint.predict("x", Models.x(7));

        assertThat(runner.get()).isEqualTo(Thread.currentThread());
    }

    @Test
    void whatALongRunThrowsReachesItsCaller() throws InterruptedException {
        makeRunsLong();
        backend.fail(() -> new InferenceException("burnt"));

        onAVirtualThread(() -> endpoint.predict("x", Models.x(7)));

        assertThat(outcome.get()).isInstanceOf(InferenceException.class);
        assertThat((Throwable) outcome.get()).hasMessageContaining("burnt");
    }

    @Test
    void aTimeLimitStopsALongRun() throws InterruptedException {
        makeRunsLong();
        backend.block();
        Thread caller = virtual(() -> endpoint.predict("x", Models.x(7), CallOptions.timeLimit(Duration.ofSeconds(1))));
        backend.awaitRunning(1);

        ticker.advance(Duration.ofSeconds(2));
        caller.join();

        assertThat(outcome.get())
                .isInstanceOfSatisfying(
                        DeadlineExceededException.class,
                        it -> assertThat(it.duringRun()).isTrue());
        assertThat(backend.running()).isZero();
    }

    @Test
    void anInterruptStopsALongRun() throws InterruptedException {
        makeRunsLong();
        backend.block();
        Thread caller = virtual(() -> endpoint.predict("x", Models.x(7)));
        backend.awaitRunning(1);

        caller.interrupt();
        caller.join();

        assertThat(outcome.get()).isInstanceOf(CancelledException.class);
        assertThat(backend.running()).isZero();
    }

    private void makeRunsLong() throws InterruptedException {
        backend.duringRuns(() -> {
            runner.set(Thread.currentThread());
            ticker.advance(LONG);
        });
        onAVirtualThread(() -> endpoint.predict("x", Models.x(1)));
    }

    private Thread onAVirtualThread(Supplier<Prediction> call) throws InterruptedException {
        Thread thread = virtual(call);
        thread.join();
        return thread;
    }

    private Thread virtual(Supplier<Prediction> call) {
        Thread thread = Threads.virtualOnes().newThread(() -> {
            try {
                outcome.set(call.get());
            } catch (RuntimeException e) {
                outcome.set(e);
            }
        });
        thread.start();
        return thread;
    }
}
