package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.batch.BatchingConfig;
import dev.kitchen.cache.CacheConfig;
import dev.kitchen.cache.InMemoryCache;
import dev.kitchen.error.CancelledException;
import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.DeadlineExceededException;
import dev.kitchen.error.InferenceException;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.KitchenException;
import dev.kitchen.error.RejectedException;
import dev.kitchen.error.RejectedException.Reason;
import dev.kitchen.guard.AdmissionConfig;
import dev.kitchen.guard.CircuitBreaker;
import dev.kitchen.guard.CircuitBreakerConfig;
import dev.kitchen.observe.BreakerEvent;
import dev.kitchen.observe.BreakerState;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.testkit.Callers;
import dev.kitchen.testkit.FakeBackend;
import dev.kitchen.testkit.ManualTicker;
import dev.kitchen.testkit.RecordingListener;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CircuitBreakerTest {

    @TempDir
    Path directory;

    private final FakeBackend backend = new FakeBackend();
    private final ManualTicker ticker = new ManualTicker();
    private final RecordingListener listener = new RecordingListener();
    private Kitchen kitchen;
    private Endpoint endpoint;

    private void open(EndpointOptions.Builder options) throws IOException {
        FakeBackend.writeModel(directory, "m", "tag");
        kitchen = Kitchen.builder()
                .models(directory)
                .backend(backend)
                .ticker(ticker)
                .listener(listener)
                .endpoint("m", options.build())
                .open();
        endpoint = kitchen.endpoint("m");
    }

    private void openWith(CircuitBreakerConfig breaking) throws IOException {
        open(EndpointOptions.builder().circuitBreaker(breaking));
    }

    @AfterEach
    void close() {
        backend.release();
        kitchen.close();
        assertThat(backend.violations()).isZero();
    }

    @Test
    void keepsCallsAwayFromAVersionThatFails() throws IOException {
        openWith(CircuitBreakerConfig.afterFailures(5).toBuilder()
                .openDuration(Duration.ofSeconds(60))
                .build());
        fail(5, () -> new InferenceException("broken"));

        ticker.advance(Duration.ofSeconds(20));

        assertThatThrownBy(this::predict)
                .isInstanceOfSatisfying(RejectedException.class, it -> {
                    assertThat(it.reason()).isEqualTo(Reason.CIRCUIT_OPEN);
                    assertThat(it.getStackTrace()).isEmpty();
                })
                .hasMessage("endpoint 'm', version '1': its circuit breaker is open, as 5 of the last 5 calls failed;"
                        + " it lets calls through again in 40.0 s");
        assertThat(backend.runs()).isEqualTo(5);
        assertThat(listener.breakers())
                .containsExactly(new BreakerEvent("m", "1", BreakerState.CLOSED, BreakerState.OPEN, 5, 5));
    }

    @Test
    void triesAgainAfterItsTime() throws IOException {
        openWith(CircuitBreakerConfig.afterFailures(1).toBuilder()
                .openDuration(Duration.ofSeconds(60))
                .build());
        fail(1, () -> new InferenceException("broken"));
        ticker.advance(Duration.ofSeconds(61));

        predict();

        assertThat(status().state()).isEqualTo(BreakerState.CLOSED);
        assertThat(listener.breakers())
                .extracting(BreakerEvent::to)
                .containsExactly(BreakerState.OPEN, BreakerState.HALF_OPEN, BreakerState.CLOSED);
    }

    @Test
    void badRequestsSayNothingAboutTheModel() throws IOException {
        openWith(CircuitBreakerConfig.afterFailures(1));
        fail(3, () -> new InvalidRequestException("rows do not fit"));
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> endpoint.predict("y", Models.x(1))).isInstanceOf(InvalidRequestException.class);
        }

        predict();

        assertThat(status().failures()).isZero();
    }

    @Test
    void aRunThatOutlastsItsCallsTimeIsAFailure() throws Exception {
        openWith(CircuitBreakerConfig.afterFailures(1));
        backend.block();
        Callers caller = Callers.start(
                1,
                (number, started) -> assertThatThrownBy(() -> predict(CallOptions.timeLimit(Duration.ofSeconds(1))))
                        .isInstanceOfSatisfying(
                                DeadlineExceededException.class,
                                it -> assertThat(it.duringRun()).isTrue()));
        backend.awaitRunning(1);

        ticker.advance(Duration.ofSeconds(1));
        caller.join();

        assertThat(status().state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void aBatchThatOutlastsItsCallsTimeIsAFailureOfEach() throws Exception {
        backend.inRows();
        open(EndpointOptions.builder()
                .circuitBreaker(CircuitBreakerConfig.afterFailures(5))
                .batching(BatchingConfig.builder()
                        .delay(Duration.ofMillis(1))
                        .aloneBelow(Duration.ZERO)
                        .maxItems(2)
                        .build()));
        backend.block();
        Callers callers = Callers.start(2, (number, started) -> predictLate());
        backend.awaitRunning(1);
        Threads.awaitWaiting("caller-", 2);

        ticker.advance(Duration.ofSeconds(1));
        callers.join();

        assertThat(status().failures()).isEqualTo(2);
        assertThat(backend.running()).isZero();
    }

    @Test
    void timeSpentWaitingForABatchIsNoFailure() throws Exception {
        backend.inRows();
        open(EndpointOptions.builder()
                .circuitBreaker(CircuitBreakerConfig.afterFailures(1))
                .batching(BatchingConfig.builder()
                        .aloneBelow(Duration.ZERO)
                        .concurrentRuns(1)
                        .build()));
        backend.block();
        Callers runs = Callers.start(1, (number, started) -> predict());
        backend.awaitRunning(1);
        Thread waits = new Thread(this::predictLate);
        Threads.startAndAwaitWaiting(waits);

        ticker.advance(Duration.ofSeconds(1));
        waits.join();
        backend.release();
        runs.join();

        assertThat(status().failures()).isZero();
        assertThat(status().state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void timeThatABatchWaitsForAPermitIsNoFailure() throws Exception {
        backend.inRows();
        open(EndpointOptions.builder()
                .circuitBreaker(CircuitBreakerConfig.afterFailures(1))
                .admission(AdmissionConfig.builder().maxConcurrentRuns(1).build())
                .batching(BatchingConfig.builder()
                        .delay(Duration.ofMillis(1))
                        .aloneBelow(Duration.ZERO)
                        .maxItems(2)
                        .build()));
        backend.block();
        Tensor tooManyToBatch = Tensor.of(new float[] {1, 2, 3}, 3, 1);
        Callers runs = Callers.start(1, (number, started) -> endpoint.predict("x", tooManyToBatch));
        backend.awaitRunning(1);
        Callers waits = Callers.start(2, (number, started) -> predictLate());
        Threads.awaitWaiting("caller-", 3);
        Threads.awaitWaiting("kitchen-batcher-m-");

        ticker.advance(Duration.ofSeconds(1));
        waits.join();
        backend.release();
        runs.join();

        assertThat(status().failures()).isZero();
        assertThat(status().calls()).isOne();
    }

    @Test
    void aSharedRunThatOutlastsAllItsCallsIsOneFailure() throws Exception {
        open(EndpointOptions.builder()
                .circuitBreaker(CircuitBreakerConfig.afterFailures(5))
                .cache(CacheConfig.in(InMemoryCache.ofMaxBytes(1 << 20))));
        backend.block();
        Callers callers = Callers.start(3, (number, started) -> predictLate());
        backend.awaitRunning(1);
        Threads.awaitWaiting("caller-", 3);

        ticker.advance(Duration.ofSeconds(1));
        callers.join();

        assertThat(status().failures()).isOne();
        assertThat(backend.running()).isZero();
    }

    @Test
    void timeThatASharedRunWaitsForAPermitIsNoFailure() throws Exception {
        open(EndpointOptions.builder()
                .circuitBreaker(CircuitBreakerConfig.afterFailures(1))
                .admission(AdmissionConfig.builder().maxConcurrentRuns(1).build())
                .cache(CacheConfig.in(InMemoryCache.ofMaxBytes(1 << 20))));
        backend.block();
        Callers runs = Callers.start(1, (number, started) -> endpoint.predict("x", Models.x(2)));
        backend.awaitRunning(1);
        Thread waits = new Thread(this::predictLate);
        Threads.startAndAwaitWaiting(waits);

        ticker.advance(Duration.ofSeconds(1));
        waits.join();
        backend.release();
        runs.join();

        assertThat(status().failures()).isZero();
        assertThat(status().calls()).isOne();
    }

    private void predictLate() {
        assertThatThrownBy(() -> predict(CallOptions.timeLimit(Duration.ofMillis(500))))
                .isInstanceOf(DeadlineExceededException.class);
    }

    @Test
    void timeSpentWaitingIsNoFailure() throws Exception {
        open(EndpointOptions.builder()
                .circuitBreaker(CircuitBreakerConfig.afterFailures(1))
                .admission(AdmissionConfig.builder().maxConcurrentRuns(1).build()));
        backend.block();
        Callers first = Callers.start(1, (number, started) -> predict());
        backend.awaitRunning(1);
        Thread second = new Thread(() -> assertThatThrownBy(() -> predict(CallOptions.timeLimit(Duration.ofSeconds(1))))
                .isInstanceOfSatisfying(
                        DeadlineExceededException.class,
                        it -> assertThat(it.duringRun()).isFalse()));
        Threads.startAndAwaitWaiting(second);

        ticker.advance(Duration.ofSeconds(1));
        second.join();
        backend.release();
        first.join();

        assertThat(status().failures()).isZero();
        assertThat(status().calls()).isEqualTo(1);
    }

    @Test
    void whatSaysNothingOfTheModelGivesThePlaceToTryBack() throws IOException {
        openWith(CircuitBreakerConfig.afterFailures(1).toBuilder()
                .openDuration(Duration.ofSeconds(60))
                .build());
        fail(1, () -> new InferenceException("broken"));
        ticker.advance(Duration.ofSeconds(61));
        backend.duringRuns(() -> {
            throw new CancelledException("by its caller");
        });
        assertThatThrownBy(this::predict).isInstanceOf(CancelledException.class);
        assertThat(status().state()).isEqualTo(BreakerState.HALF_OPEN);
        backend.duringRuns(() -> {});

        predict();

        assertThat(status().state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void anErrorOfTheModelIsAFailureLikeAnyOther() throws IOException {
        openWith(CircuitBreakerConfig.afterFailures(1).toBuilder()
                .openDuration(Duration.ofSeconds(60))
                .build());
        backend.duringRuns(() -> {
            throw new AssertionError("broken");
        });

        assertThatThrownBy(this::predict)
                .isInstanceOf(InferenceException.class)
                .hasCauseInstanceOf(AssertionError.class);

        assertThat(status().state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void oneProbeThatHangsDoesNotKeepTheBreakerFromTryingAgain() throws Exception {
        openWith(CircuitBreakerConfig.afterFailures(1).toBuilder()
                .openDuration(Duration.ofSeconds(60))
                .build());
        fail(1, () -> new InferenceException("broken"));
        ticker.advance(Duration.ofSeconds(61));
        backend.block();
        Callers probe = Callers.start(1, (number, started) -> predict());
        backend.awaitRunning(1);
        ticker.advance(Duration.ofSeconds(59));
        assertThatThrownBy(this::predict).isInstanceOf(RejectedException.class);
        ticker.advance(Duration.ofSeconds(1));
        Callers another = Callers.start(1, (number, started) -> predict());
        backend.awaitRunning(2);
        assertThatThrownBy(this::predict).isInstanceOf(RejectedException.class);

        backend.release();
        probe.join();
        another.join();

        assertThat(status().state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void opensWhenRunsAreSlow() throws IOException {
        openWith(CircuitBreakerConfig.builder()
                .minimumCalls(2)
                .slowCalls(1, Duration.ofMillis(10))
                .build());
        backend.duringRuns(() -> ticker.advance(Duration.ofMillis(11)));

        predict();
        predict();

        assertThat(status().state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void canBeForced() throws IOException {
        openWith(CircuitBreakerConfig.defaults());
        CircuitBreaker breaker = endpoint.circuitBreaker("1").orElseThrow();

        breaker.forceOpen();
        assertThatThrownBy(this::predict)
                .isInstanceOf(RejectedException.class)
                .hasMessageContaining("was opened by hand");

        breaker.forceClosed();
        fail(30, () -> new InferenceException("broken"));
        predict();

        breaker.reset();
        assertThat(status().state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void isLenientByDefault() throws IOException {
        open(EndpointOptions.builder());
        fail(19, () -> new InferenceException("broken"));
        assertThat(status().state()).isEqualTo(BreakerState.CLOSED);
        assertThat(status().failureThreshold()).isEqualTo(10);

        fail(1, () -> new InferenceException("broken"));

        assertThat(status().state()).isEqualTo(BreakerState.OPEN);
        assertThat(status().openDuration()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void isNotThereIfNobodyWantsIt() throws IOException {
        openWith(CircuitBreakerConfig.none());
        fail(200, () -> new InferenceException("broken"));

        predict();

        assertThat(endpoint.circuitBreaker()).isEmpty();
    }

    @Test
    void eachVersionHasItsOwn() throws IOException {
        openWith(CircuitBreakerConfig.afterFailures(1));
        fail(1, () -> new InferenceException("broken"));
        FakeBackend.writeModel(directory, "m", "a better one");

        kitchen.refresh();

        assertThat(predict()).isEqualTo("a better one");
        assertThat(status().state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void namesAllThatIsWrongWithItsSettings() {
        assertThatThrownBy(() -> CircuitBreakerConfig.builder()
                        .countWindow(0)
                        .failureRate(1.5)
                        .probes(0)
                        .openDuration(Duration.ZERO)
                        .build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("circuit breaker: countWindow is 0, expected 1 to 10000; failureRate is 1.5, expected more"
                        + " than 0, up to 1; probes is 0, expected 1 to 10000; openDuration is PT0S, expected"
                        + " PT0.001S or more");
        assertThatThrownBy(() -> CircuitBreakerConfig.afterFailures(0)).isInstanceOf(ConfigurationException.class);
        kitchen = Kitchen.builder().models(directory).lazyLoading(true).open();
    }

    private void fail(int times, Supplier<KitchenException> failure) {
        backend.fail(failure);
        for (int i = 0; i < times; i++) {
            assertThatThrownBy(this::predict).isInstanceOf(failure.get().getClass());
        }
        backend.recover();
    }

    private String predict() {
        return predict(CallOptions.defaults());
    }

    private String predict(CallOptions options) {
        return endpoint.predict("x", Models.x(1), options).tensor("tag").stringAt(0);
    }

    private CircuitBreaker.Status status() {
        return endpoint.circuitBreaker().orElseThrow().status();
    }
}
