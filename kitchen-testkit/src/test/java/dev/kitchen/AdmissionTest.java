package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.CancelledException;
import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.DeadlineExceededException;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.error.RejectedException;
import dev.kitchen.error.RejectedException.Reason;
import dev.kitchen.guard.AdmissionConfig;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.testkit.Callers;
import dev.kitchen.testkit.FakeBackend;
import dev.kitchen.testkit.ManualTicker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AdmissionTest {

    @TempDir
    Path directory;

    private final FakeBackend backend = new FakeBackend();
    private final ManualTicker ticker = new ManualTicker();
    private Kitchen kitchen;
    private Endpoint endpoint;

    private void open(AdmissionConfig admission) throws IOException {
        FakeBackend.writeModel(directory, "m", "tag");
        kitchen = Kitchen.builder()
                .models(directory)
                .backend(backend)
                .ticker(ticker)
                .drainLimit(Duration.ZERO)
                .endpoint("m", EndpointOptions.builder().admission(admission).build())
                .open();
        endpoint = kitchen.endpoint("m");
    }

    @AfterEach
    void close() {
        backend.ignoreStops(false);
        backend.release();
        kitchen.close();
        assertThat(backend.violations()).isZero();
        assertThat(backend.openSessions()).isZero();
    }

    @Test
    void onlySoManyRunAtOnceAndTheOthersFollowInTheirOrder() throws Exception {
        open(AdmissionConfig.builder().maxConcurrentRuns(1).build());
        List<Thread> order = new CopyOnWriteArrayList<>();
        backend.duringRuns(() -> order.add(Thread.currentThread()));
        backend.block();
        Callers first = Callers.start(1, (number, started) -> predict());
        backend.awaitRunning(1);
        List<Thread> waiting = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Thread thread = new Thread(this::predict);
            waiting.add(thread);
            Threads.startAndAwaitWaiting(thread);
        }
        assertThat(backend.runs()).isEqualTo(1);

        backend.release();
        first.join();
        for (Thread thread : waiting) {
            thread.join();
        }

        assertThat(order.subList(1, order.size())).isEqualTo(waiting);
        assertPermits(1);
    }

    @Test
    void refusesMoreThanMayWait() throws Exception {
        open(AdmissionConfig.builder().maxConcurrentRuns(1).maxQueued(1).build());
        backend.block();
        Callers first = Callers.start(1, (number, started) -> predict());
        backend.awaitRunning(1);
        Thread second = new Thread(this::predict);
        Threads.startAndAwaitWaiting(second);

        assertThatThrownBy(this::predict)
                .isInstanceOfSatisfying(RejectedException.class, it -> {
                    assertThat(it.reason()).isEqualTo(Reason.QUEUE_FULL);
                    assertThat(it.getStackTrace()).isEmpty();
                })
                .hasMessage("endpoint 'm', version '1': 1 calls wait already, for 1 runs at once");

        backend.release();
        first.join();
        second.join();
    }

    @Test
    void refusesAtOnceWhatCouldNotBeAnsweredInTime() throws Exception {
        open(AdmissionConfig.builder().maxConcurrentRuns(1).build());
        backend.duringRuns(() -> ticker.advance(Duration.ofSeconds(1)));
        predict();
        backend.block();
        Callers first = Callers.start(1, (number, started) -> predict());
        backend.awaitRunning(1);

        assertThatThrownBy(() -> predict(CallOptions.timeLimit(Duration.ofMillis(1_500))))
                .isInstanceOfSatisfying(
                        RejectedException.class, it -> assertThat(it.reason()).isEqualTo(Reason.DEADLINE_UNREACHABLE))
                .hasMessage("endpoint 'm', version '1': an answer would take about 2000 ms, with 0 calls waiting; the"
                        + " call has 1500.0 ms left");
        Thread patient = new Thread(() -> predict(CallOptions.timeLimit(Duration.ofSeconds(5))));
        Threads.startAndAwaitWaiting(patient);

        backend.release();
        first.join();
        patient.join();
        assertThat(backend.runs()).isEqualTo(3);
    }

    @Test
    void whoseTimeIsOverLeavesTheQueueAndNoPermitIsLost() throws Exception {
        open(AdmissionConfig.builder().maxConcurrentRuns(1).build());
        backend.block();
        Callers first = Callers.start(1, (number, started) -> predict());
        backend.awaitRunning(1);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread hasty = new Thread(() -> {
            try {
                predict(CallOptions.timeLimit(Duration.ofSeconds(1)));
            } catch (DeadlineExceededException e) {
                failure.set(e);
            }
        });
        Threads.startAndAwaitWaiting(hasty);

        ticker.advance(Duration.ofSeconds(1));
        hasty.join();
        backend.release();
        first.join();

        assertThat(failure.get()).isInstanceOf(DeadlineExceededException.class);
        assertThat(backend.runs()).isEqualTo(1);
        assertPermits(1);
    }

    @Test
    void anInterruptFreesWhoWaits() throws Exception {
        open(AdmissionConfig.builder().maxConcurrentRuns(1).build());
        backend.block();
        Callers first = Callers.start(1, (number, started) -> predict());
        backend.awaitRunning(1);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread waiting = new Thread(() -> {
            try {
                predict();
            } catch (CancelledException e) {
                failure.set(Thread.currentThread().isInterrupted() ? e : new AssertionError("not interrupted"));
            }
        });
        Threads.startAndAwaitWaiting(waiting);

        waiting.interrupt();
        waiting.join();
        backend.release();
        first.join();

        assertThat(failure.get()).isInstanceOf(CancelledException.class);
        assertPermits(1);
    }

    @Test
    void aRunThatDoesNotEndKeepsItsPermit() throws Exception {
        open(AdmissionConfig.builder().maxConcurrentRuns(1).build());
        backend.block();
        backend.ignoreStops(true);
        Callers first = Callers.start(
                1,
                (number, started) -> assertThatThrownBy(() -> predict(CallOptions.timeLimit(Duration.ofSeconds(1))))
                        .isInstanceOf(DeadlineExceededException.class));
        backend.awaitRunning(1);
        ticker.advance(Duration.ofSeconds(2));
        Thread second = new Thread(this::predict);

        Threads.startAndAwaitWaiting(second);
        assertThat(backend.runs()).isEqualTo(1);

        backend.release();
        first.join();
        second.join();
        assertThat(backend.runs()).isEqualTo(2);
    }

    @Test
    void closingFreesWhoWaits() throws Exception {
        open(AdmissionConfig.builder().maxConcurrentRuns(1).build());
        backend.block();
        Callers first = Callers.start(
                1, (number, started) -> assertThatThrownBy(this::predict).isInstanceOf(NotReadyException.class));
        backend.awaitRunning(1);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread waiting = new Thread(() -> {
            try {
                predict();
            } catch (NotReadyException e) {
                failure.set(e);
            }
        });
        Threads.startAndAwaitWaiting(waiting);

        kitchen.close();

        first.join();
        waiting.join();
        assertThat(failure.get()).isInstanceOf(NotReadyException.class);
    }

    @Test
    void runsFewerAtOnceWhenTheyTakeTooLong() throws Exception {
        open(AdmissionConfig.builder()
                .maxConcurrentRuns(10)
                .targetLatency(Duration.ofMillis(10))
                .build());
        backend.duringRuns(() -> ticker.advance(Duration.ofMillis(11)));
        for (int i = 0; i < 10; i++) {
            predict();
        }

        backend.duringRuns(() -> {});

        assertPermits(9);
    }

    @Test
    void refusesSettingsThatMakeNoSense() throws IOException {
        assertThatThrownBy(() -> AdmissionConfig.builder().maxConcurrentRuns(0).build())
                .isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> AdmissionConfig.builder().maxQueued(-1).build())
                .isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() ->
                        AdmissionConfig.builder().targetLatency(Duration.ZERO).build())
                .isInstanceOf(ConfigurationException.class);
        open(AdmissionConfig.unlimited());
        assertThat(predict()).isEqualTo("tag");
    }

    /** So many can run at once, and no more. */
    private void assertPermits(int count) throws InterruptedException {
        backend.block();
        Callers callers = Callers.start(count, (number, started) -> predict());
        backend.awaitRunning(count);
        Thread oneMore = new Thread(this::predict);
        Threads.startAndAwaitWaiting(oneMore);
        assertThat(backend.running()).isEqualTo(count);
        backend.release();
        callers.join();
        oneMore.join();
    }

    private String predict() {
        return predict(CallOptions.defaults());
    }

    private String predict(CallOptions options) {
        return endpoint.predict("x", Models.x(1), options).tensor("tag").stringAt(0);
    }
}
