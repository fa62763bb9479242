package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.kitchen.batch.BatchingConfig;
import dev.kitchen.cache.CacheConfig;
import dev.kitchen.cache.InMemoryCache;
import dev.kitchen.error.CancelledException;
import dev.kitchen.error.InferenceException;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.KitchenException;
import dev.kitchen.error.ModelNotFoundException;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.error.RejectedException;
import dev.kitchen.guard.Fallback;
import dev.kitchen.observe.BatchEvent;
import dev.kitchen.observe.PredictionEvent;
import dev.kitchen.observe.VersionStatistics;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.testkit.FakeBackend;
import dev.kitchen.testkit.ManualTicker;
import dev.kitchen.testkit.RecordingListener;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every call is counted once, with its outcome, wherever it ends. */
@Timeout(120)
class CountsTest {

    private static final int QUEUE = 10_000;

    @TempDir
    Path directory;

    private final FakeBackend backend = new FakeBackend();
    private final ManualTicker ticker = new ManualTicker();
    private final RecordingListener listener = new RecordingListener();
    private final Truth truth = new Truth();
    private Kitchen kitchen;

    @BeforeEach
    void write() throws IOException {
        FakeBackend.writeModel(directory, "m", "tag");
    }

    private Endpoint open(EndpointOptions options, int asyncThreads) {
        kitchen = Kitchen.builder()
                .models(directory)
                .backend(backend.inRows())
                .ticker(ticker)
                .listener(listener)
                .listener(truth)
                .asyncThreads(asyncThreads)
                .shutdownHook(false)
                .endpoint("m", options)
                .open();
        return kitchen.endpoint("m");
    }

    @AfterEach
    void close() {
        backend.duringRuns(() -> {});
        backend.release();
        kitchen.close();
    }

    private static PredictionRequest request(CallOptions options) {
        return PredictionRequest.of(Map.of("x", Models.x(1)), options);
    }

    @Test
    void asynchronousCallsUnderOverloadAreCountedToTheLastOne() throws InterruptedException {
        Endpoint endpoint = open(EndpointOptions.defaults(), 2);
        backend.block();
        List<CompletableFuture<Prediction>> futures = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            futures.add(endpoint.predictAsync(request(CallOptions.defaults())));
        }
        backend.awaitRunning(2);
        CallOptions limited = CallOptions.timeLimit(Duration.ofSeconds(1));
        for (int i = 0; i < QUEUE; i++) {
            futures.add(endpoint.predictAsync(request(i % 3 == 0 ? limited : CallOptions.defaults())));
        }
        for (int i = 0; i < 500; i++) {
            assertThatThrownBy(() -> endpoint.predictAsync(request(limited)))
                    .isInstanceOf(RejectedException.class)
                    .satisfies(it -> truth.failed("m", it));
        }
        for (int i = 3; i < 1_000; i += 3) {
            futures.get(i).cancel(true);
        }

        ticker.advance(Duration.ofSeconds(2));
        backend.release();
        futures.forEach(this::noteEnd);

        assertThat(truth.of("m")).containsEntry("queue_full", 500L).containsEntry("cancelled", 333L);
        assertThat(truth.of("m").get("timeout")).isGreaterThan(3_000);
        assertThat(truth.of("m").values().stream().mapToLong(it -> it).sum()).isEqualTo(QUEUE + 502);
        truth.requireEventsAgree("m");
        truth.requireStatisticsAgree(endpoint);
    }

    private void noteEnd(CompletableFuture<Prediction> future) {
        try {
            future.join();
            truth.answered("m");
        } catch (CancellationException e) {
            truth.failed("m", new CancelledException("cancelled"));
        } catch (RuntimeException e) {
            truth.failed("m", e);
        }
    }

    @Test
    void callsThatReachNoVersionAreCounted() {
        Endpoint endpoint = open(EndpointOptions.defaults(), 2);
        for (CallOptions options : List.of(CallOptions.version("7"), CallOptions.version("x\ny"))) {
            assertThatThrownBy(() -> truth.call("m", () -> endpoint.predict(request(options))))
                    .isInstanceOf(ModelNotFoundException.class);
            noteEnd(endpoint.predictAsync(request(options)));
        }
        assertThatThrownBy(() -> truth.call("m", () -> endpoint.predict("y", Models.x(1))))
                .isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> {
                    try (BoundCall bound = endpoint.bind(Map.of("x", Models.x(1).shape()))) {
                        truth.call("m", () -> {
                            bound.run(CallOptions.version("7"));
                            return null;
                        });
                    }
                })
                .isInstanceOf(ModelNotFoundException.class);
        truth.call("m", () -> endpoint.predict("x", Models.x(1)));

        truth.requireEventsAgree("m");
        truth.requireStatisticsAgree(endpoint);
        assertThat(endpoint.statistics())
                .extracting(VersionStatistics::version, VersionStatistics::answers, VersionStatistics::failureCount)
                .containsExactly(tuple("", 0L, 5L), tuple(endpoint.version(), 1L, 1L));
    }

    @Test
    void callsOfAClosedKitchenAreCounted() {
        Endpoint endpoint = open(EndpointOptions.defaults(), 2);
        kitchen.close();

        assertThatThrownBy(() -> truth.call("m", () -> endpoint.predict("x", Models.x(1))))
                .isInstanceOf(NotReadyException.class);
        assertThatThrownBy(() -> truth.call(
                        "m",
                        () -> endpoint.predictAsync(request(CallOptions.defaults()))
                                .join()))
                .isInstanceOf(NotReadyException.class);

        truth.requireEventsAgree("m");
    }

    @Test
    void whatAFallbackAnswersIsAnAnswer() {
        Fallback fallback = Fallback.to(request -> Map.of("tag", Tensor.ofStrings(new String[] {"none"}, 1)));
        Endpoint endpoint = open(EndpointOptions.builder().fallback(fallback).build(), 2);
        for (int i = 0; i < 10; i++) {
            if (i % 2 == 0) {
                backend.fail(() -> new InferenceException("broken"));
            } else {
                backend.recover();
            }
            CallOptions options = CallOptions.requestedOutputs("tag");
            truth.call("m", () -> endpoint.predict(request(options)));
        }

        assertThat(truth.of("m")).containsExactly(Map.entry("none", 10L));
        truth.requireEventsAgree("m");
        truth.requireStatisticsAgree(endpoint);
        assertThat(endpoint.statistics())
                .extracting(VersionStatistics::version, VersionStatistics::answers, VersionStatistics::replaced)
                .containsExactlyInAnyOrder(tuple(endpoint.version(), 5L, 5L), tuple(Fallback.FUNCTION, 5L, 0L));
        assertThat(listener.predictions())
                .filteredOn(it -> it.replaced().isPresent())
                .hasSize(5);
    }

    @Test
    void aBulkCallIsCountedByItsRequestsAndItsRunsAsBatches() {
        Endpoint endpoint = open(
                EndpointOptions.builder()
                        .batching(BatchingConfig.builder().maxItems(32).build())
                        .build(),
                2);
        assertThat(endpoint.batchingRefusal()).isEmpty();
        List<PredictionRequest> requests = new ArrayList<>(IntStream.range(0, 1_000)
                .mapToObj(it -> PredictionRequest.of(Map.of("x", Models.x(1))))
                .toList());
        requests.set(500, PredictionRequest.of(Map.of("y", Models.x(1))));

        endpoint.predictAll(requests).forEach(it -> {
            if (it.failure().isPresent()) {
                truth.failed("m", it.failure().get());
            } else {
                truth.answered("m");
            }
        });

        assertThat(truth.of("m")).containsOnly(Map.entry("none", 999L), Map.entry("invalid", 1L));
        truth.requireEventsAgree("m");
        truth.requireStatisticsAgree(endpoint);
        List<BatchEvent> batches =
                listener.batches().stream().filter(it -> it.requests() > 1).toList();
        VersionStatistics statistics = endpoint.statistics().get(0);
        assertThat(statistics.batches()).isEqualTo(batches.size()).isGreaterThanOrEqualTo(1_000 / 32);
        assertThat(statistics.batchedRows())
                .isEqualTo(batches.stream().mapToLong(BatchEvent::rows).sum())
                .isGreaterThan(900);
        assertThat(batches).allSatisfy(it -> assertThat(it.requests()).isEqualTo(it.rows()));
    }

    @Test
    void aCachedAnswerIsCountedOnceToo() {
        Endpoint endpoint = open(
                EndpointOptions.builder()
                        .cache(CacheConfig.in(InMemoryCache.ofMaxBytes(1 << 20)))
                        .build(),
                2);
        for (int i = 0; i < 100; i++) {
            truth.call("m", () -> endpoint.predict("x", Models.x(1)));
        }

        truth.requireEventsAgree("m");
        truth.requireStatisticsAgree(endpoint);
        assertThat(listener.cacheEvents()).hasSize(100);
    }

    @Test
    void eventsSayWhoAnsweredAndWhy() {
        Endpoint endpoint = open(EndpointOptions.defaults(), 2);

        assertThatThrownBy(() -> endpoint.predict("x", Models.x(1), CallOptions.version("7")))
                .isInstanceOf(KitchenException.class);

        assertThat(listener.predictions()).singleElement().satisfies(it -> {
            assertThat(it.version()).isEmpty();
            assertThat(it.reason()).isEqualTo("not_ready");
            assertThat(it.rows()).isEqualTo(1);
        });
        assertThat(listener.predictions()).extracting(PredictionEvent::model).containsExactly("m");
    }
}
