package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.kitchen.batch.BatchingConfig;
import dev.kitchen.cache.CacheConfig;
import dev.kitchen.cache.InMemoryCache;
import dev.kitchen.error.InferenceException;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.observe.VersionStatistics;
import dev.kitchen.registry.DeployRequest;
import dev.kitchen.tensor.Shape;
import dev.kitchen.testkit.Callers;
import dev.kitchen.testkit.FakeBackend;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StatisticsTest extends FakeKitchenTest {

    @Test
    void boundCallsCount() {
        try (BoundCall call = endpoint.bind(Map.of("x", Shape.of(1, 1)))) {
            call.run();
            backend.fail(() -> new InferenceException("burnt"));

            assertThatThrownBy(call::run).isInstanceOf(InferenceException.class);
        }

        assertThat(statistics().answers()).isOne();
        assertThat(statistics().failures()).containsEntry("backend", 1L);
        assertThat(statistics().p99()).isZero();
    }

    private VersionStatistics statistics() {
        return endpoint.statistics().get(0);
    }

    private void callThatTakes(Duration duration) throws InterruptedException {
        backend.block();
        Callers caller = Callers.start(1, (number, started) -> endpoint.predict("x", Models.x(1)));
        backend.awaitRunning(1);
        ticker.advance(duration);
        backend.release();
        caller.join();
    }

    @Test
    void countAnswersAndFailuresByReason() {
        endpoint.predict("x", Models.x(1));
        endpoint.predict("x", Models.x(2));
        assertThatThrownBy(() -> endpoint.predict("y", Models.x(1))).isInstanceOf(InvalidRequestException.class);

        assertThat(statistics().answers()).isEqualTo(2);
        assertThat(statistics().failures()).containsExactly(java.util.Map.entry("invalid", 1L));
        assertThat(statistics().failureCount()).isEqualTo(1);
        assertThat(statistics().model()).isEqualTo("m");
        assertThat(statistics().version()).isEqualTo(endpoint.version());
    }

    @Test
    void tellHowLongAnswersTook() throws InterruptedException {
        for (int i = 0; i < 8; i++) {
            callThatTakes(Duration.ofMillis(10));
        }
        callThatTakes(Duration.ofMillis(500));

        assertThat(statistics().p50().toNanos()).isCloseTo(10_000_000L, within(100_000L));
        assertThat(statistics().p99().toNanos()).isCloseTo(500_000_000L, within(5_000_000L));
    }

    @Test
    void forgetDurationsOfLongAgo() throws InterruptedException {
        callThatTakes(Duration.ofMillis(500));
        ticker.advance(Duration.ofSeconds(61));
        callThatTakes(Duration.ofMillis(10));

        assertThat(statistics().p99().toNanos()).isCloseTo(10_000_000L, within(100_000L));
        assertThat(statistics().answers()).isEqualTo(2);
    }

    @Test
    void tellTheRateOfTheRecentPast() {
        for (int i = 0; i < 300; i++) {
            endpoint.predict("x", Models.x(i));
            ticker.advance(Duration.ofMillis(100));
        }

        assertThat(statistics().answersPerSecond()).isCloseTo(10, within(0.5));
        assertThat(statistics().window()).isBetween(Duration.ofSeconds(29), Duration.ofSeconds(61));
    }

    @Test
    void showWhoIsInside() throws InterruptedException {
        backend.block();
        Callers callers = Callers.start(3, (number, started) -> endpoint.predict("x", Models.x(1)));
        backend.awaitRunning(3);

        assertThat(statistics().running()).isEqualTo(3);
        assertThat(statistics().waiting()).isZero();

        backend.release();
        callers.join();
        assertThat(statistics().running()).isZero();
    }

    @Test
    void stagesAreInFlightRecordings(@TempDir Path recordings, @TempDir Path models) throws IOException {
        Path file = recordings.resolve("stages.jfr");
        FakeBackend.writeModel(models, "staged", "tag");
        EndpointOptions stages = EndpointOptions.builder()
                .cache(CacheConfig.in(InMemoryCache.ofMaxBytes(1 << 20)))
                .batching(BatchingConfig.defaults())
                .build();
        try (Recording recording = new Recording();
                Kitchen staged = Kitchen.builder()
                        .models(models)
                        .backend(backend.inRows())
                        .endpoint("staged", stages)
                        .open()) {
            recording.start();
            Endpoint asked = staged.endpoint("staged");
            asked.predict("x", Models.x(1));
            asked.predict("x", Models.x(1));
            asked.circuitBreaker().orElseThrow().forceOpen();
            recording.stop();
            recording.dump(file);
        }

        List<RecordedEvent> events = RecordingFile.readAllEvents(file).stream()
                .filter(it -> it.getEventType().getName().startsWith("dev.kitchen."))
                .sorted(Comparator.comparing(RecordedEvent::getEndTime))
                .toList();

        assertThat(events)
                .extracting(it -> it.getEventType().getName())
                .containsExactly(
                        "dev.kitchen.Cache",
                        "dev.kitchen.Batch",
                        "dev.kitchen.Prediction",
                        "dev.kitchen.Cache",
                        "dev.kitchen.Prediction",
                        "dev.kitchen.Breaker");
        assertThat(events.get(0).getBoolean("hit")).isFalse();
        assertThat(events.get(1).getInt("rows")).isOne();
        assertThat(events.get(2).getLong("ran")).isPositive();
        assertThat(events.get(3).getBoolean("hit")).isTrue();
        assertThat(events.get(4).getLong("ran")).isZero();
        assertThat(events.get(5).getString("to")).isEqualTo("FORCED_OPEN");
        assertThat(events.subList(0, 5))
                .allSatisfy(it -> assertThat(it.getDuration()).isPositive());
        assertThat(events.get(2).getStartTime()).isBefore(events.get(0).getStartTime());
        assertThat(events.get(2).getDuration().toNanos())
                .isGreaterThanOrEqualTo(events.get(2).getLong("ran"));
    }

    @Test
    void predictionsAreInFlightRecordings(@TempDir Path recordings) throws IOException {
        Path file = recordings.resolve("kitchen.jfr");
        try (Recording recording = new Recording()) {
            recording.start();
            endpoint.predict("x", Models.x(1));
            assertThatThrownBy(() -> endpoint.predict("y", Models.x(1))).isInstanceOf(InvalidRequestException.class);
            recording.stop();
            recording.dump(file);
        }

        List<RecordedEvent> events = RecordingFile.readAllEvents(file).stream()
                .filter(it -> it.getEventType().getName().equals("dev.kitchen.Prediction"))
                .toList();

        assertThat(events).hasSize(2);
        assertThat(events.get(0).getString("model")).isEqualTo("m");
        assertThat(events.get(0).getString("failure")).isEmpty();
        assertThat(events.get(1).getString("failure")).contains("unknown input 'y'");
        assertThat(events).allSatisfy(it -> assertThat(it.getDuration()).isPositive());
    }

    @Test
    void operationsOfTheRegistryAndLoadsAreInFlightRecordingsWithTheirDurations(
            @TempDir Path recordings, @TempDir Path models, @TempDir Path sources) throws IOException {
        Path file = recordings.resolve("registry.jfr");
        try (Recording recording = new Recording();
                Kitchen registry =
                        Kitchen.builder().models(models).backend(backend).open()) {
            recording.start();
            for (String version : new String[] {"1", "2"}) {
                Path source = FakeBackend.writeModel(sources, "r", "v" + version);
                registry.registry()
                        .deploy(DeployRequest.of("r", source).version(version).build());
            }
            registry.registry().activate("r", "2");
            recording.stop();
            recording.dump(file);
        }

        List<RecordedEvent> events = RecordingFile.readAllEvents(file).stream()
                .filter(it -> it.hasField("model") && it.getString("model").equals("r"))
                .sorted(Comparator.comparing(RecordedEvent::getEndTime))
                .toList();
        assertThat(named("Registry", events))
                .extracting(it -> it.getString("operation"), it -> it.getString("version"))
                .containsExactly(tuple("deploy", ""), tuple("deploy", ""), tuple("activate", ""));
        assertThat(named("Load", events)).isNotEmpty();
        assertThat(Stream.concat(named("Registry", events).stream(), named("Load", events).stream()))
                .allSatisfy(it -> assertThat(it.getDuration()).isPositive());
        assertThat(named("Swap", events).get(1).getString("from")).isEqualTo("1");
        assertThat(named("Swap", events).get(1).getString("version")).isEqualTo("2");
    }

    private static List<RecordedEvent> named(String name, List<RecordedEvent> events) {
        return events.stream()
                .filter(it -> it.getEventType().getName().equals("dev.kitchen." + name))
                .toList();
    }
}
