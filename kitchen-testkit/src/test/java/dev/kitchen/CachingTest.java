package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.cache.CacheConfig;
import dev.kitchen.cache.InMemoryCache;
import dev.kitchen.error.CancelledException;
import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.DeadlineExceededException;
import dev.kitchen.error.InferenceException;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.observe.CacheEvent;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.CallOptions.CacheMode;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.Prediction.Source;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.registry.DeployRequest;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.testkit.Callers;
import dev.kitchen.testkit.FakeBackend;
import dev.kitchen.testkit.ManualTicker;
import dev.kitchen.testkit.RecordingListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CachingTest {

    private static final CallOptions BYPASS = CallOptions.cacheMode(CacheMode.BYPASS);
    private static final CallOptions REFRESH = CallOptions.cacheMode(CacheMode.REFRESH);
    private static final CallOptions SOON = CallOptions.timeLimit(Duration.ofMillis(50));

    @TempDir
    Path directory;

    private final FakeBackend backend = new FakeBackend();
    private final ManualTicker ticker = new ManualTicker();
    private final RecordingListener listener = new RecordingListener();
    private final TroubledCache cache = new TroubledCache(InMemoryCache.ofMaxBytes(1 << 20, ticker));
    private Kitchen kitchen;
    private Endpoint endpoint;

    @BeforeEach
    void open() throws IOException {
        FakeBackend.writeModel(directory, "m", "blue");
        kitchen = Kitchen.builder()
                .models(directory)
                .backend(backend)
                .ticker(ticker)
                .listener(listener)
                .drainLimit(Duration.ZERO)
                .endpoint(
                        "m",
                        EndpointOptions.builder()
                                .cache(CacheConfig.builder(cache)
                                        .timeToLive(Duration.ofMinutes(1))
                                        .build())
                                .build())
                .open();
        endpoint = kitchen.endpoint("m");
    }

    @AfterEach
    void close() {
        backend.release();
        kitchen.close();
        assertThat(backend.violations()).isZero();
        assertThat(backend.openSessions()).isZero();
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(it -> it.getName().startsWith("kitchen-shared-run") && it.isAlive());
    }

    /** After the first run its version is known to be fast, and leaders run on their own threads. */
    private void warmUp() {
        endpoint.predict("x", Models.x(-1));
    }

    @Test
    void answersTheSameAgainWithoutTheModel() {
        backend.duringRuns(() -> ticker.advance(Duration.ofMillis(3)));
        Prediction first = endpoint.predict("x", Models.x(1, 2));
        Prediction second = endpoint.predict("x", Models.x(1, 2));

        assertThat(backend.runs()).isEqualTo(1);
        assertThat(first.source()).isEqualTo(Source.MODEL);
        assertThat(first.duration()).isEqualTo(Duration.ofMillis(3));
        assertThat(second.source()).isEqualTo(Source.CACHE);
        assertThat(second.reason()).isEmpty();
        assertThat(second.duration()).isZero();
        assertThat(second.model()).isEqualTo("m");
        assertThat(second.version()).isEqualTo("1");
        assertThat(second.outputs()).isEqualTo(first.outputs());
        assertThat(cache.statistics().hits()).isEqualTo(1);
    }

    @Test
    void otherInputsOutputsAndParametersAreOtherQuestions() {
        endpoint.predict("x", Tensor.of(new float[] {1, 2, 3, 4}, 2, 2));
        endpoint.predict("x", Tensor.of(new float[] {1, 2, 3, 4}, 1, 4));
        endpoint.predict("x", Tensor.of(new float[] {1, 2, 3, 4}, 4, 1));
        endpoint.predict("x", Tensor.of(new float[] {1, 2, 3, 4}, 4, 1), CallOptions.requestedOutputs("sum"));
        CallOptions french = CallOptions.builder().parameter("language", "fr").build();
        endpoint.predict("x", Tensor.of(new float[] {1, 2, 3, 4}, 4, 1), french);

        assertThat(backend.runs()).isEqualTo(5);
        assertThat(endpoint.predict("x", Tensor.of(new float[] {1, 2, 3, 4}, 1, 4))
                        .tensor("sum")
                        .toDoubleArray())
                .containsExactly(10);
        assertThat(endpoint.predict("x", Tensor.of(new float[] {1, 2, 3, 4}, 4, 1), french)
                        .source())
                .isEqualTo(Source.CACHE);
        assertThat(backend.runs()).isEqualTo(5);
    }

    @Test
    void bypassTakesNothingFromTheCacheAndLeavesNothingThere() {
        endpoint.predict("x", Models.x(1), BYPASS);
        assertThat(endpoint.predict("x", Models.x(1)).source()).isEqualTo(Source.MODEL);
        assertThat(endpoint.predict("x", Models.x(1), BYPASS).source()).isEqualTo(Source.MODEL);

        assertThat(backend.runs()).isEqualTo(3);
    }

    @Test
    void refreshPutsANewAnswerInThePlaceOfTheOldOne() {
        endpoint.predict("x", Models.x(1));
        assertThat(endpoint.predict("x", Models.x(1), REFRESH).source()).isEqualTo(Source.MODEL);
        assertThat(endpoint.predict("x", Models.x(1)).source()).isEqualTo(Source.CACHE);
        endpoint.predict("x", Models.x(2), REFRESH);
        assertThat(endpoint.predict("x", Models.x(2)).source()).isEqualTo(Source.CACHE);

        assertThat(backend.runs()).isEqualTo(3);
    }

    @Test
    void anAnswersTimeEnds() {
        endpoint.predict("x", Models.x(1));
        ticker.advance(Duration.ofSeconds(59));
        assertThat(endpoint.predict("x", Models.x(1)).source()).isEqualTo(Source.CACHE);
        ticker.advance(Duration.ofSeconds(1));
        assertThat(endpoint.predict("x", Models.x(1)).source()).isEqualTo(Source.MODEL);
        assertThat(backend.runs()).isEqualTo(2);
    }

    @Test
    void failuresAreNotKept() {
        backend.fail(() -> new InferenceException("no"));
        assertThatThrownBy(() -> endpoint.predict("x", Models.x(1))).isInstanceOf(InferenceException.class);
        backend.recover();

        assertThat(endpoint.predict("x", Models.x(1)).source()).isEqualTo(Source.MODEL);
    }

    @Test
    void aThousandEqualRequestsRunTheModelOnce() throws InterruptedException {
        backend.block();
        Callers callers = Callers.start(1_000, (caller, started) -> {
            started.run();
            Prediction prediction = endpoint.predict("x", Models.x(5));
            assertThat(prediction.tensor("echo")).isEqualTo(Models.x(5));
        });
        backend.awaitRunning(1);
        callers.awaitStarted();
        backend.release();
        callers.join();

        assertThat(backend.runs()).isEqualTo(1);
    }

    @Test
    void aThousandEqualRequestsRunAFastModelOnce() throws InterruptedException {
        warmUp();
        for (int round = 0; round < 20; round++) {
            int runs = backend.runs();
            float number = round;
            Callers.run(50, caller -> endpoint.predict("x", Models.x(number)));
            assertThat(backend.runs()).isEqualTo(runs + 1);
        }
    }

    @Test
    void whoWaitsGetsTheAnswerThoughTheFirstToAskHasLeft() throws InterruptedException {
        backend.block();
        Callers leader = Callers.start(
                1,
                (caller, started) -> assertThatThrownBy(() -> endpoint.predict("x", Models.x(1), SOON))
                        .isInstanceOf(DeadlineExceededException.class)
                        .hasMessage("endpoint 'm', version '1': no answer within 50.0 ms"));
        backend.awaitRunning(1);
        List<CompletableFuture<Prediction>> followers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            followers.add(endpoint.predictAsync(Map.of("x", Models.x(1))));
        }
        awaitMembers(3);
        ticker.advance(Duration.ofMillis(50));

        leader.join();
        assertThat(backend.running()).isEqualTo(1);
        assertThat(followers.get(0).cancel(true)).isTrue();
        backend.release();
        assertThat(followers.get(1).join().tensor("echo")).isEqualTo(Models.x(1));
        assertThat(followers.get(2).join().tensor("echo")).isEqualTo(Models.x(1));
        assertThat(backend.runs()).isEqualTo(1);
    }

    /** Misses are told before a caller joins a run; the cache is asked for its mark right before that. */
    private void awaitMembers(int followers) {
        Waits.until(() -> cache.marks() >= 1 + followers);
    }

    @Test
    void aRunIsStoppedWhenTheLastWhoWaitsHasLeft() throws InterruptedException {
        backend.block();
        Callers callers = Callers.start(
                4,
                (caller, started) -> assertThatThrownBy(() -> endpoint.predict("x", Models.x(1), SOON))
                        .isInstanceOf(DeadlineExceededException.class));
        backend.awaitRunning(1);
        awaitMembers(3);

        ticker.advance(Duration.ofMillis(50));

        callers.join();
        assertThat(backend.running()).isZero();
        assertThat(backend.runs()).isEqualTo(1);
        backend.release();
        assertThat(endpoint.predict("x", Models.x(1)).source()).isEqualTo(Source.MODEL);
    }

    @Test
    void whoAsksForWhatAllOthersHaveLeftGetsARunOfTheirOwn() throws Exception {
        backend.block();
        backend.ignoreStops(true);
        FutureTask<Prediction> left = new FutureTask<>(() -> endpoint.predict("x", Models.x(1), SOON));
        Thread last = new Thread(left);
        last.start();
        backend.awaitRunning(1);
        ticker.advance(Duration.ofMillis(50));
        Waits.until(() -> Arrays.stream(last.getStackTrace())
                .anyMatch(it -> it.getMethodName().equals("awaitEnd")));

        CompletableFuture<Prediction> own = endpoint.predictAsync(Map.of("x", Models.x(1)));
        backend.awaitRunning(2);
        assertThat(left.isDone()).isFalse();
        backend.release();

        assertThat(own.join().tensor("echo")).isEqualTo(Models.x(1));
        assertThatThrownBy(left::get).hasCauseInstanceOf(DeadlineExceededException.class);
    }

    @Test
    void aFastVersionsRunIsStoppedOnItsCallersThreadWhenItsTimeIsOver() throws InterruptedException {
        warmUp();
        backend.block();
        Callers caller = Callers.start(
                1,
                (number, started) -> assertThatThrownBy(() -> endpoint.predict("x", Models.x(1), SOON))
                        .isInstanceOf(DeadlineExceededException.class)
                        .hasMessage("endpoint 'm', version '1': no answer within 50.0 ms"));
        backend.awaitRunning(1);

        ticker.advance(Duration.ofMillis(50));

        caller.join();
        assertThat(backend.running()).isZero();
    }

    @Test
    void aFastRunGoesOnForThoseWhoJoinedItThoughItsCallersTimeIsOver() throws InterruptedException {
        warmUp();
        int marks = cache.marks();
        backend.block();
        Callers leader = Callers.start(
                1,
                (number, started) -> assertThatThrownBy(() -> endpoint.predict("x", Models.x(1), SOON))
                        .isInstanceOf(DeadlineExceededException.class));
        backend.awaitRunning(1);
        CompletableFuture<Prediction> follower = endpoint.predictAsync(Map.of("x", Models.x(1)));
        Waits.until(() -> cache.marks() >= marks + 2);
        ticker.advance(Duration.ofMillis(50));
        backend.release();

        leader.join();
        assertThat(follower.join().tensor("echo")).isEqualTo(Models.x(1));
        assertThat(backend.runs()).isEqualTo(2);
    }

    @Test
    void anInterruptOfWhoRunsItEndsNobodyElsesCall() throws Exception {
        warmUp();
        backend.block();
        FutureTask<Prediction> leading = new FutureTask<>(() -> endpoint.predict("x", Models.x(1)));
        Thread leader = new Thread(leading);
        leader.start();
        backend.awaitRunning(1);
        FutureTask<Prediction> following = new FutureTask<>(() -> endpoint.predict("x", Models.x(1)));
        Threads.startAndAwaitWaiting(new Thread(following));

        leader.interrupt();
        leader.join();
        backend.release();

        assertThatThrownBy(leading::get).hasCauseInstanceOf(CancelledException.class);
        assertThat(following.get().tensor("echo")).isEqualTo(Models.x(1));
        assertThat(backend.runs()).isEqualTo(3);
    }

    @Test
    void aCancelledCallersRunEnds() throws InterruptedException {
        backend.block();
        CompletableFuture<Prediction> future = endpoint.predictAsync(Map.of("x", Models.x(1)));
        backend.awaitRunning(1);

        assertThat(future.cancel(true)).isTrue();

        Waits.until(() -> backend.running() == 0);
    }

    @Test
    void anInterruptFreesWhoWaitsAndKeepsTheInterrupt() throws InterruptedException {
        backend.block();
        CountDownLatch left = new CountDownLatch(1);
        Thread caller = new Thread(() -> {
            try {
                endpoint.predict("x", Models.x(1));
            } catch (CancelledException e) {
                if (Thread.currentThread().isInterrupted()) {
                    left.countDown();
                }
            }
        });
        caller.start();
        backend.awaitRunning(1);

        caller.interrupt();

        left.await();
        assertThat(backend.running()).isZero();
    }

    @Test
    void closingFreesWhoWaits() throws InterruptedException {
        backend.block();
        Callers callers = Callers.start(
                5,
                (caller, started) -> assertThatThrownBy(() -> endpoint.predict("x", Models.x(1)))
                        .isInstanceOf(NotReadyException.class));
        backend.awaitRunning(1);
        awaitMembers(4);

        kitchen.close();

        callers.join();
        assertThat(backend.running()).isZero();
    }

    @Test
    void aFailureReachesAllWhoWaitAndNobodyElse() throws InterruptedException {
        backend.block();
        Callers callers = Callers.start(
                5,
                (caller, started) -> assertThatThrownBy(() -> endpoint.predict("x", Models.x(1)))
                        .isInstanceOf(InferenceException.class));
        backend.awaitRunning(1);
        awaitMembers(4);
        backend.duringRuns(() -> {
            throw new InferenceException("node 7 overflowed");
        });
        backend.release();
        callers.join();
        backend.duringRuns(() -> {});

        assertThat(backend.runs()).isEqualTo(1);
        assertThat(endpoint.predict("x", Models.x(1)).source()).isEqualTo(Source.MODEL);
    }

    @Test
    void anInvalidationForgetsAnswersOfTheEndpointOrOfOneVersion() {
        endpoint.predict("x", Models.x(1));
        endpoint.invalidateCache("2");
        assertThat(endpoint.predict("x", Models.x(1)).source()).isEqualTo(Source.CACHE);
        endpoint.invalidateCache("1");
        assertThat(endpoint.predict("x", Models.x(1)).source()).isEqualTo(Source.MODEL);
        endpoint.invalidateCache();
        assertThat(endpoint.predict("x", Models.x(1)).source()).isEqualTo(Source.MODEL);
    }

    @Test
    void answersAreKeptAgainAfterAnInvalidation() {
        endpoint.invalidateCache();
        endpoint.predict("x", Models.x(1));

        assertThat(endpoint.predict("x", Models.x(1)).source()).isEqualTo(Source.CACHE);
    }

    @Test
    void anInvalidationDuringARunKeepsItsAnswerOut() throws InterruptedException {
        backend.block();
        Callers old = Callers.start(1, (caller, started) -> endpoint.predict("x", Models.x(1)));
        backend.awaitRunning(1);
        endpoint.invalidateCache();
        Callers young = Callers.start(1, (caller, started) -> endpoint.predict("x", Models.x(1)));
        backend.awaitRunning(2);
        endpoint.invalidateCache();
        backend.release();
        old.join();
        young.join();

        assertThat(endpoint.predict("x", Models.x(1)).source()).isEqualTo(Source.MODEL);
        assertThat(backend.runs()).isEqualTo(3);
    }

    @Test
    void aBorrowedBufferIsTheCallersAgainAfterTheCall() {
        ByteBuffer memory = ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder());
        Tensor borrowed = Tensor.borrow(DataType.FLOAT, memory, 1, 2);
        memory.putFloat(0, 1).putFloat(4, 2);
        endpoint.predict("x", borrowed);
        memory.putFloat(0, 3);

        Prediction other = endpoint.predict("x", borrowed);
        assertThat(other.source()).isEqualTo(Source.MODEL);
        assertThat(other.tensor("echo")).isEqualTo(Models.x(3, 2));
        memory.putFloat(0, 1);
        Prediction again = endpoint.predict("x", borrowed);
        assertThat(again.source()).isEqualTo(Source.CACHE);
        memory.putFloat(0, Float.NaN);
        assertThat(again.tensor("echo")).isEqualTo(Models.x(1, 2));
        assertThat(endpoint.predict("x", Models.x(1, 2)).tensor("echo")).isEqualTo(Models.x(1, 2));
    }

    @Test
    void anotherVersionNeverAnswersWithTheFirstOnesAnswers() throws IOException {
        Path root = Files.createTempDirectory(directory, "registry");
        EndpointOptions cached =
                EndpointOptions.builder().cache(CacheConfig.in(cache)).build();
        try (Kitchen versions = Kitchen.builder()
                .models(root)
                .backend(backend)
                .endpoint(EndpointOptions.ALL, cached)
                .open()) {
            for (String version : List.of("1", "2")) {
                Path file = FakeBackend.writeModel(Files.createTempDirectory(directory, "deploy"), "f", "v" + version);
                versions.registry()
                        .deploy(DeployRequest.of("f", file).version(version).build());
            }
            Endpoint deployed = versions.endpoint("f");
            for (String version : List.of("1", "2", "1", "2")) {
                versions.registry().activate("f", version);
                Prediction prediction = deployed.predict("x", Models.x(1));
                assertThat(prediction.version()).isEqualTo(version);
                assertThat(prediction.tensor("tag").stringAt(0)).isEqualTo("v" + version);
            }
            assertThat(deployed.predict("x", Models.x(1)).source()).isEqualTo(Source.CACHE);
            assertThat(deployed.predict("x", Models.x(1), CallOptions.version("1"))
                            .source())
                    .isEqualTo(Source.CACHE);
        }
    }

    @Test
    void troubleOfTheCacheCostsNobodyAnAnswer() {
        cache.fail(true);
        for (int i = 0; i < 3; i++) {
            assertThat(endpoint.predict("x", Models.x(1)).source()).isEqualTo(Source.MODEL);
            assertThat(endpoint.predict("x", Models.x(1), REFRESH).source()).isEqualTo(Source.MODEL);
        }
        assertThat(listener.cacheEvents()).allMatch(it -> it.failure().isPresent() && !it.hit());
        cache.fail(false);

        endpoint.predict("x", Models.x(1));
        assertThat(endpoint.predict("x", Models.x(1)).source()).isEqualTo(Source.CACHE);
    }

    @Test
    void aCacheThatRunsOutOfMemoryCostsNobodyAnAnswer() throws IOException {
        TroubledCache exhausted = new TroubledCache(InMemoryCache.ofMaxBytes(1_000), () -> {
            throw new OutOfMemoryError("no direct memory");
        });
        try (Kitchen other = Kitchen.builder()
                .models(directory)
                .backend(backend)
                .endpoint(
                        "m",
                        EndpointOptions.builder()
                                .cache(CacheConfig.in(exhausted))
                                .build())
                .open()) {
            for (int i = 0; i < 3; i++) {
                assertThat(other.endpoint("m").predict("x", Models.x(1)).source())
                        .isEqualTo(Source.MODEL);
            }
        }
    }

    @Test
    void tellsTheListenerOfHitsAndMisses() {
        endpoint.predict("x", Models.x(1));
        endpoint.predict("x", Models.x(1));
        endpoint.predict("x", Models.x(1), BYPASS);

        assertThat(listener.cacheEvents()).extracting(CacheEvent::hit).containsExactly(false, true);
        assertThat(listener.cacheEvents().get(1).model()).isEqualTo("m");
        assertThat(listener.cacheEvents().get(1).version()).isEqualTo("1");
        assertThat(listener.predictions()).hasSize(3);
    }

    @Test
    void asynchronousCallsAreCachedToo() {
        PredictionRequest request = PredictionRequest.of(Map.of("x", Models.x(1)));
        endpoint.predictAsync(request).join();

        assertThat(endpoint.predictAsync(request).join().source()).isEqualTo(Source.CACHE);
    }

    @Test
    void refusesATimeToLiveOfNothing() {
        assertThatThrownBy(() ->
                        CacheConfig.builder(cache).timeToLive(Duration.ZERO).build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("cache: timeToLive is PT0S, expected more than zero");
    }

    @Test
    void anEndpointWithoutACacheHasNothingToForget() throws IOException {
        FakeBackend.writeModel(directory, "n", "red");
        kitchen.refresh();
        Endpoint other = kitchen.endpoint("n");

        other.invalidateCache();

        other.predict("x", Models.x(1));
        assertThat(other.predict("x", Models.x(1)).source()).isEqualTo(Source.MODEL);
    }
}
