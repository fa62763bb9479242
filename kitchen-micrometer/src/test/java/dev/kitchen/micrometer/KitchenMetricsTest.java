package dev.kitchen.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.Endpoint;
import dev.kitchen.EndpointOptions;
import dev.kitchen.Kitchen;
import dev.kitchen.batch.BatchingConfig;
import dev.kitchen.cache.CacheConfig;
import dev.kitchen.cache.InMemoryCache;
import dev.kitchen.error.CancelledException;
import dev.kitchen.error.DeadlineExceededException;
import dev.kitchen.error.InferenceException;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.KitchenException;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.error.RegistryException;
import dev.kitchen.error.RejectedException;
import dev.kitchen.guard.CircuitBreaker;
import dev.kitchen.guard.CircuitBreakerConfig;
import dev.kitchen.observe.BatchEvent;
import dev.kitchen.observe.BreakerEvent;
import dev.kitchen.observe.BreakerState;
import dev.kitchen.observe.PredictionEvent;
import dev.kitchen.registry.DeployRequest;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.testkit.Callers;
import dev.kitchen.testkit.FakeBackend;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.HistogramSupport;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class KitchenMetricsTest {

    @TempDir
    Path directory;

    @TempDir
    Path sources;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final KitchenMetrics metrics = KitchenMetrics.in(registry);
    private final FakeBackend backend = new FakeBackend();
    private Kitchen kitchen;

    @BeforeEach
    void open() throws IOException {
        kitchen = Kitchen.builder()
                .models(directory)
                .backend(backend)
                .listener(metrics)
                .watch(Duration.ZERO)
                .open();
        metrics.gauge(kitchen);
        deploy("1");
    }

    @AfterEach
    void close() {
        backend.release();
        kitchen.close();
    }

    private void deploy(String version) throws IOException {
        kitchen.registry()
                .deploy(DeployRequest.of("m", FakeBackend.writeModel(sources, "m", "v" + version))
                        .version(version)
                        .activate()
                        .build());
    }

    private static Tensor x() {
        return Tensor.of(new float[] {1, 2}, 1, 2);
    }

    @Test
    void timesAnswersAndFailuresByReason() {
        kitchen.endpoint("m").predict("x", x());
        kitchen.endpoint("m").predict("x", x());
        assertThatThrownBy(() -> kitchen.endpoint("m").predict("y", x())).isInstanceOf(InvalidRequestException.class);

        assertThat(requests("none").count()).isEqualTo(2);
        assertThat(requests("none").totalTime(TimeUnit.NANOSECONDS)).isPositive();
        assertThat(requests("none").getId().getTag("outcome")).isEqualTo("success");
        assertThat(requests("invalid").count()).isEqualTo(1);
        assertThat(requests("invalid").getId().getTag("outcome")).isEqualTo("error");
    }

    private Timer requests(String reason) {
        return registry.get("kitchen.inference.requests")
                .tags("model", "m", "version", "1", "reason", reason)
                .timer();
    }

    @Test
    void partsTheTimeOfTheRunFromTheRest() {
        kitchen.endpoint("m").predict("x", Tensor.of(new float[] {1, 2, 3, 4}, 2, 2));

        Timer execute = registry.get("kitchen.inference.execute").timer();
        Timer queue = registry.get("kitchen.inference.queue").timer();
        assertThat(execute.count()).isOne();
        assertThat(execute.totalTime(TimeUnit.NANOSECONDS) + queue.totalTime(TimeUnit.NANOSECONDS))
                .isEqualTo(requests("none").totalTime(TimeUnit.NANOSECONDS));
        assertThat(registry.get("kitchen.inference.items").counter().count()).isEqualTo(2);
    }

    @Test
    void countsWhatTheStagesDo() throws IOException {
        SimpleMeterRegistry own = new SimpleMeterRegistry();
        FakeBackend.writeModel(sources, "staged", "tag");
        EndpointOptions stages = EndpointOptions.builder()
                .cache(CacheConfig.in(InMemoryCache.ofMaxBytes(1 << 20)))
                .circuitBreaker(CircuitBreakerConfig.afterFailures(2))
                .batching(BatchingConfig.defaults())
                .build();
        try (Kitchen staged = Kitchen.builder()
                .models(sources)
                .backend(backend.inRows())
                .listener(KitchenMetrics.in(own))
                .endpoint("staged", stages)
                .open()) {
            Endpoint endpoint = staged.endpoint("staged");
            endpoint.predict("x", x());
            endpoint.predict("x", x());
            endpoint.circuitBreaker().orElseThrow().forceOpen();

            assertThat(own.get("kitchen.cache.requests")
                            .tags("result", "hit")
                            .counter()
                            .count())
                    .isOne();
            assertThat(own.get("kitchen.cache.requests")
                            .tags("result", "miss")
                            .counter()
                            .count())
                    .isOne();
            assertThat(own.get("kitchen.inference.execute").timer().count()).isOne();
            assertThat(own.get("kitchen.inference.batch.size").summary().totalAmount())
                    .isOne();
            assertThat(own.get("kitchen.circuitbreaker.state")
                            .tags("state", "forced_open")
                            .gauge()
                            .value())
                    .isOne();
            assertThat(own.get("kitchen.circuitbreaker.state")
                            .tags("state", "closed")
                            .gauge()
                            .value())
                    .isZero();
            assertThat(own.get("kitchen.circuitbreaker.transitions")
                            .tags("to", "forced_open")
                            .counter()
                            .count())
                    .isOne();
        }
        assertThat(own.find("kitchen.circuitbreaker.state").gauges()).isEmpty();
        assertThat(own.find("kitchen.inference.batch.size").summaries()).isEmpty();
    }

    @Test
    void showsCallsInsideTheModel() throws InterruptedException {
        backend.block();
        Callers callers =
                Callers.start(2, (number, started) -> kitchen.endpoint("m").predict("x", x()));
        backend.awaitRunning(2);

        assertThat(registry.get("kitchen.model.inflight").gauge().value()).isEqualTo(2);

        backend.release();
        callers.join();
        assertThat(registry.get("kitchen.model.inflight").gauge().value()).isZero();
    }

    @Test
    void countsWhatTheRegistryDoes() throws IOException {
        deploy("2");

        assertThat(registry.get("kitchen.registry.operations")
                        .tags("operation", "deploy", "outcome", "success")
                        .counter()
                        .count())
                .isEqualTo(2);
        assertThat(registry.get("kitchen.model.swaps").counter().count()).isEqualTo(2);
        assertThat(registry.get("kitchen.registry.generation").gauge().value()).isEqualTo(2);
        assertThat(registry.get("kitchen.model.load").timer().count()).isEqualTo(2);
    }

    @Test
    void removesTheMetersOfVersionsThatLeave() throws IOException {
        for (int version = 2; version < 10; version++) {
            kitchen.endpoint("m").predict("x", x());
            deploy(Integer.toString(version));
        }

        kitchen.close();

        assertThat(versionsWithMeters()).isEmpty();
    }

    @Test
    void aVersionThatDoesNotProveItselfLeavesNoMeters() {
        backend.fail(() -> new InferenceException("broken"));

        assertThatThrownBy(() -> deploy("2")).isInstanceOf(RegistryException.class);

        assertThat(versionsWithMeters()).containsExactly("1");
    }

    @Test
    void whatComesAfterAVersionHasLeftIsCountedWithoutIt() throws IOException {
        CircuitBreaker breaker = kitchen.endpoint("m").circuitBreaker().orElseThrow();
        kitchen.close();

        breaker.forceOpen();

        assertThat(versionsWithMeters()).containsExactly("other");
    }

    private Set<String> versionsWithMeters() {
        return registry.getMeters().stream()
                .map(it -> it.getId().getTag("version"))
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
    }

    @Test
    void showsACacheAsAWhole() throws IOException {
        FakeBackend.writeModel(sources, "cached", "tag");
        InMemoryCache cache = InMemoryCache.ofMaxBytes(1 << 20);
        metrics.gauge(cache, "answers");
        try (Kitchen cached = Kitchen.builder()
                .models(sources)
                .backend(backend)
                .listener(metrics)
                .endpoint(
                        "cached",
                        EndpointOptions.builder().cache(CacheConfig.in(cache)).build())
                .open()) {
            cached.endpoint("cached").predict("x", x());
            cached.endpoint("cached").predict("x", x());
            cached.endpoint("cached").predict("x", x());
        }

        assertThat(ofCache("cache.gets", "hit")).isEqualTo(2);
        assertThat(ofCache("cache.gets", "miss")).isOne();
        assertThat(registry.get("cache.evictions").functionCounter().count()).isZero();
        assertThat(registry.get("cache.size").gauge().value()).isOne();
        assertThat(registry.get("kitchen.cache.bytes").gauge().value()).isPositive();
        assertThat(registry.get("kitchen.cache.get")
                        .tags("model", "cached")
                        .timer()
                        .count())
                .isEqualTo(3);
    }

    private double ofCache(String name, String result) {
        return registry.get(name)
                .tags("cache", "answers", "result", result)
                .functionCounter()
                .count();
    }

    @Test
    void aVersionHasFewTimeSeriesWhateverHappens() {
        List<KitchenException> failures = List.of(
                new InvalidRequestException("no"),
                new DeadlineExceededException("no"),
                new CancelledException("no"),
                new NotReadyException("no"),
                new InferenceException("no"),
                new RejectedException(RejectedException.Reason.QUEUE_FULL, "no"),
                new RejectedException(RejectedException.Reason.DEADLINE_UNREACHABLE, "no"),
                new RejectedException(RejectedException.Reason.CIRCUIT_OPEN, "no"));
        failures.forEach(it -> metrics.onPrediction(event(Optional.of(it))));
        metrics.onPrediction(event(Optional.empty()));
        metrics.onBatch(new BatchEvent("m", "1", 4, 2, 10));
        metrics.onBreaker(new BreakerEvent("m", "1", BreakerState.CLOSED, BreakerState.OPEN, 5, 10));

        int series = registry.getMeters().stream()
                .filter(it -> "1".equals(it.getId().getTag("version")))
                .mapToInt(KitchenMetricsTest::series)
                .sum();
        assertThat(series).isBetween(50, 60);
    }

    private static PredictionEvent event(Optional<KitchenException> failure) {
        PredictionEvent.Builder event =
                PredictionEvent.builder("m", "1").rows(1).durations(20, 10);
        failure.ifPresent(event::failure);
        return event.build();
    }

    /** As Prometheus shows them: the count, the sum and the most, and buckets with one for all that is larger. */
    private static int series(Meter meter) {
        if (meter.getId().getName().endsWith(".histogram")) {
            return 0; // how the registry of this test shows buckets
        }
        if (!(meter instanceof HistogramSupport histogram)) {
            return 1;
        }
        int buckets = histogram.takeSnapshot().histogramCounts().length;
        return 3 + (buckets == 0 ? 0 : buckets + 1);
    }

    @Test
    void bucketsTellMicrosecondsApart() {
        kitchen.endpoint("m").predict("x", x());

        assertThat(requests("none").takeSnapshot().histogramCounts())
                .extracting(it -> it.bucket(TimeUnit.MICROSECONDS))
                .startsWith(1.0, 5.0, 20.0, 100.0, 500.0)
                .endsWith(5_000_000.0);
    }
}
