package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.batch.BatchingConfig;
import dev.kitchen.cache.CacheConfig;
import dev.kitchen.cache.InMemoryCache;
import dev.kitchen.error.DeadlineExceededException;
import dev.kitchen.error.InferenceException;
import dev.kitchen.guard.CircuitBreakerConfig;
import dev.kitchen.guard.Fallback;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.testkit.Callers;
import dev.kitchen.testkit.FakeBackend;
import dev.kitchen.testkit.ManualTicker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A run that ignores its stop and answers after the time of its call is no answer, whatever kind of call it is. */
@Timeout(60)
class LateAnswersTest {

    private static final CallOptions SECOND = CallOptions.timeLimit(Duration.ofSeconds(1));

    @TempDir
    Path directory;

    private final FakeBackend backend = new FakeBackend().inRows();
    private final ManualTicker ticker = new ManualTicker();
    private Kitchen kitchen;
    private Endpoint endpoint;

    enum Kind {
        PREDICT,
        ASYNC,
        VIRTUAL,
        BOUND,
        BULK,
        TYPED,
        CACHED,
        BATCHED_ALONE,
        BATCHED_TOGETHER,
        FALLBACK_VERSION;

        EndpointOptions options() {
            EndpointOptions.Builder options = EndpointOptions.builder();
            switch (this) {
                case CACHED -> options.cache(CacheConfig.in(InMemoryCache.ofMaxBytes(1 << 20)));
                case BATCHED_ALONE ->
                    options.batching(
                            BatchingConfig.builder().aloneBelow(Duration.ZERO).build());
                case BATCHED_TOGETHER ->
                    options.batching(BatchingConfig.builder()
                            .delay(Duration.ofDays(1))
                            .aloneBelow(Duration.ZERO)
                            .maxItems(1)
                            .build());
                case FALLBACK_VERSION -> options.fallback(Fallback.toVersion("1"));
                default -> {}
            }
            return options.build();
        }

        void call(Endpoint endpoint, BoundCall bound) {
            PredictionRequest request = PredictionRequest.of(NamedValues.of("x", Models.x(1, 2)), SECOND);
            switch (this) {
                case ASYNC -> {
                    try {
                        endpoint.predictAsync(request).join();
                    } catch (CompletionException e) {
                        throw (RuntimeException) e.getCause();
                    }
                }
                case BOUND -> bound.run(SECOND);
                case BULK ->
                    endpoint.predictAll(Stream.of(request)).toList().get(0).answer();
                case TYPED ->
                    endpoint.typed(
                                    dev.kitchen.codec.Features.ofRow().inDeclarationOrder(),
                                    dev.kitchen.codec.Scores.of("echo"))
                            .predict(new float[] {1, 2}, SECOND);
                default -> endpoint.predict(request);
            }
        }
    }

    @AfterEach
    void close() {
        backend.release();
        if (kitchen != null) { // null where a kind of call needs a newer JDK
            kitchen.close();
        }
        assertThat(backend.openSessions()).isZero();
        assertThat(backend.violations()).isZero();
    }

    private void open(EndpointOptions options, Ticker clock) throws IOException {
        FakeBackend.writeModel(directory, "m", "tag");
        kitchen = Kitchen.builder()
                .models(directory)
                .backend(backend)
                .ticker(clock == Ticker.MANUAL ? ticker : dev.kitchen.predict.Ticker.system())
                .endpoint("m", options)
                .open();
        endpoint = kitchen.endpoint("m");
    }

    private enum Ticker {
        MANUAL,
        SYSTEM
    }

    @ParameterizedTest
    @EnumSource
    void isADeadlineExceeded(Kind kind) throws Exception {
        open(kind.options(), Ticker.MANUAL);
        BoundCall bound = endpoint.bind(Map.of("x", Shape.of(1, 2)));
        backend.block();
        backend.ignoreStops(true);
        ThreadFactory threads = kind == Kind.VIRTUAL && Threads.hasVirtualOnes() ? Threads.virtualOnes() : Thread::new;
        Callers caller = Callers.start(
                1,
                threads,
                (number, started) -> assertThatThrownBy(() -> kind.call(endpoint, bound))
                        .isInstanceOf(DeadlineExceededException.class));
        backend.awaitRunning(1);

        ticker.advance(Duration.ofSeconds(2));
        backend.release();

        caller.join();
        bound.close();
    }

    @Test
    void aFallbacksFunctionIsLeftWhenTheTimeOfItsCallIsOver() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        open(
                EndpointOptions.builder()
                        .fallback(Fallback.to(request -> {
                            try {
                                new CountDownLatch(1).await();
                            } catch (InterruptedException e) {
                                interrupted.countDown();
                            }
                            return Map.of();
                        }))
                        .build(),
                Ticker.SYSTEM);
        backend.fail(() -> new InferenceException("broken"));

        assertThatThrownBy(() -> endpoint.predict("x", Models.x(1), CallOptions.timeLimit(Duration.ofMillis(20))))
                .isInstanceOf(DeadlineExceededException.class)
                .satisfies(it -> assertThat(it.getSuppressed()[0]).hasMessageContaining("broken"));

        interrupted.await();
    }

    @Test
    void functionsOfFallbacksThatHangHoldUpNoLaterCall() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        open(
                EndpointOptions.builder()
                        .circuitBreaker(CircuitBreakerConfig.none())
                        .fallback(Fallback.to(request -> {
                            HangingStore.hang(never);
                            return Map.of();
                        }))
                        .build(),
                Ticker.SYSTEM);
        backend.fail(() -> new InferenceException("broken"));

        // More than the kitchen has threads for.
        Callers.run(
                8 * Math.max(4, Runtime.getRuntime().availableProcessors()),
                caller -> assertThatThrownBy(
                                () -> endpoint.predict("x", Models.x(1), CallOptions.timeLimit(Duration.ofMillis(20))))
                        .isInstanceOf(DeadlineExceededException.class));

        never.countDown();
    }

    @Test
    void aFallbacksAnswerHasToFitTheSignature() throws IOException {
        open(
                EndpointOptions.builder()
                        .fallback(Fallback.to(request ->
                                Map.of(request.options().requestedOutputs().get(0), Tensor.of(new int[] {1}, 1))))
                        .build(),
                Ticker.SYSTEM);
        backend.fail(() -> new InferenceException("broken"));

        assertThatThrownBy(() -> endpoint.predict("x", Models.x(1), CallOptions.requestedOutputs("sum")))
                .isInstanceOf(InferenceException.class)
                .hasMessageContaining("broken")
                .satisfies(it -> assertThat(it.getSuppressed()[0])
                        .hasMessageContaining("output 'sum' has type INT32, expected DOUBLE"));
    }
}
