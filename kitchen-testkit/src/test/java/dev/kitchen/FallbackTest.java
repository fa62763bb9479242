package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.kitchen.codec.Features;
import dev.kitchen.codec.Scores;
import dev.kitchen.error.CancelledException;
import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.InferenceException;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.KitchenException;
import dev.kitchen.error.ModelNotFoundException;
import dev.kitchen.error.RejectedException;
import dev.kitchen.guard.Fallback;
import dev.kitchen.observe.PredictionEvent;
import dev.kitchen.observe.VersionStatistics;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.Prediction.Source;
import dev.kitchen.registry.DeployRequest;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.testkit.Callers;
import dev.kitchen.testkit.FakeBackend;
import dev.kitchen.testkit.ManualTicker;
import dev.kitchen.testkit.RecordingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Version 2 is the current one; version 1 stands in for it. */
@Timeout(60)
class FallbackTest {

    private static final Fallback CONSTANT =
            Fallback.to(request -> Map.of("tag", Tensor.ofStrings(new String[] {"none"}, 1)));

    @TempDir
    Path directory;

    @TempDir
    Path sources;

    private final FakeBackend backend = new FakeBackend();
    private final ManualTicker ticker = new ManualTicker();
    private final RecordingListener listener = new RecordingListener();
    private Kitchen kitchen;
    private Endpoint endpoint;

    private void open(Fallback fallback) throws IOException {
        kitchen = Kitchen.builder()
                .models(directory)
                .backend(backend)
                .ticker(ticker)
                .listener(listener)
                .watch(Duration.ZERO)
                .endpoint("m", EndpointOptions.builder().fallback(fallback).build())
                .open();
        for (String version : new String[] {"1", "2"}) {
            Path file = FakeBackend.writeModel(Files.createTempDirectory(sources, "v"), "m", "v" + version);
            kitchen.registry()
                    .deploy(DeployRequest.of("m", file).version(version).build());
        }
        kitchen.registry().activate("m", "2");
        endpoint = kitchen.endpoint("m");
    }

    @AfterEach
    void close() {
        backend.duringRuns(() -> {});
        backend.release();
        kitchen.close();
        assertThat(backend.violations()).isZero();
        assertThat(backend.openSessions()).isZero();
    }

    @Test
    void anotherVersionAnswersForOneThatFails() throws IOException {
        open(Fallback.toVersion("1"));
        failOnce(() -> new InferenceException("broken"));

        Prediction prediction = endpoint.predict("x", Models.x(1));

        assertThat(prediction.version()).isEqualTo("1");
        assertThat(prediction.tensor("tag").stringAt(0)).isEqualTo("v1");
        assertThat(prediction.source()).isEqualTo(Source.FALLBACK);
        assertThat(prediction.reason()).contains("endpoint 'm', version '2': broken");
        assertThat(endpoint.circuitBreaker("2").orElseThrow().status().failures())
                .isEqualTo(1);
        assertThat(listener.predictions())
                .extracting(
                        PredictionEvent::version,
                        PredictionEvent::reason,
                        it -> it.replaced().isPresent())
                .containsExactly(tuple("1", "none", true));
        assertThat(endpoint.statistics())
                .extracting(VersionStatistics::version, VersionStatistics::answers, VersionStatistics::replaced)
                .containsExactly(tuple("1", 1L, 0L), tuple("2", 0L, 1L));
    }

    @Test
    void theTimeOfOneVersionsRunIsNotThatOfWhoStandsIn() throws IOException {
        open(Fallback.toVersion("1").orElse(request -> Map.of("tag", Tensor.ofStrings(new String[] {"none"}, 1))));
        endpoint.circuitBreaker("1").orElseThrow().forceOpen();
        failOnce(() -> {
            ticker.advance(Duration.ofMillis(5));
            return new InferenceException("broken");
        });

        endpoint.predict("x", Models.x(1));

        assertThat(listener.predictions())
                .extracting(PredictionEvent::version, PredictionEvent::runNanos)
                .containsExactly(tuple(Fallback.FUNCTION, 0L));
    }

    @Test
    void anotherVersionAnswersForOneWhoseCircuitBreakerIsOpen() throws IOException {
        open(Fallback.toVersion("1"));
        endpoint.circuitBreaker().orElseThrow().forceOpen();

        Prediction prediction = endpoint.predict("x", Models.x(1));

        assertThat(prediction.version()).isEqualTo("1");
        assertThat(prediction.reason().orElseThrow()).contains("was opened by hand");
    }

    @Test
    void aFunctionAnswersWhereAllVersionsFail() throws IOException {
        open(Fallback.toVersion("1")
                .orElse(request -> Map.of("echo", request.inputs().tensor("x"))));
        backend.fail(() -> new InferenceException("broken"));

        Prediction prediction = endpoint.predict("x", Models.x(1, 2));

        assertThat(prediction.version()).isEqualTo("fallback");
        assertThat(prediction.source()).isEqualTo(Source.FALLBACK);
        assertThat(prediction.tensor("echo")).isEqualTo(Models.x(1, 2));
        assertThat(prediction.reason()).contains("endpoint 'm', version '2': broken");
    }

    @Test
    void aCallWhoseTimeIsOverIsLeftToTheFunction() throws Exception {
        open(Fallback.toVersion("1").orElse(request -> Map.of("tag", Tensor.ofStrings(new String[] {"late"}, 1))));
        int before = backend.runs();
        backend.block();
        Callers caller = Callers.start(
                1,
                (number, started) -> assertThat(
                                endpoint.predict("x", Models.x(1), CallOptions.timeLimit(Duration.ofSeconds(1)))
                                        .tensor("tag")
                                        .stringAt(0))
                        .isEqualTo("late"));
        backend.awaitRunning(1);

        ticker.advance(Duration.ofSeconds(1));

        caller.join();
        assertThat(backend.runs() - before).isEqualTo(1);
    }

    @Test
    void theFirstFailureCountsIfAllFail() throws IOException {
        open(Fallback.toVersion("1").orElse(request -> {
            throw new IllegalStateException("nor this");
        }));
        endpoint.circuitBreaker("2").orElseThrow().forceOpen();
        backend.fail(() -> new InferenceException("broken"));

        assertThatThrownBy(() -> endpoint.predict("x", Models.x(1)))
                .isInstanceOf(RejectedException.class)
                .satisfies(it -> assertThat(it.getSuppressed())
                        .extracting(Throwable::getMessage)
                        .containsExactly("endpoint 'm', version '1': broken", "nor this"));
    }

    @Test
    void nobodyStandsInForABadRequest() throws IOException {
        open(CONSTANT);
        backend.fail(() -> new CancelledException("by its caller"));

        assertThatThrownBy(() -> endpoint.predict("y", Models.x(1))).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> endpoint.predict("x", Models.x(1))).isInstanceOf(CancelledException.class);
        assertThatThrownBy(() -> endpoint.predict("x", Models.x(1), CallOptions.version("9")))
                .isInstanceOf(ModelNotFoundException.class);
        assertThatThrownBy(() -> Fallback.toVersion("")).isInstanceOf(ConfigurationException.class);
    }

    @Test
    void typedCallsReadTheAnswerOfWhoStandsIn() throws IOException {
        open(Fallback.toVersion("1").orElse(request -> Map.of("echo", Tensor.of(new float[] {7}, 1, 1))));
        TypedEndpoint<float[], float[]> typed =
                endpoint.typed(Features.ofRow().inDeclarationOrder(), Scores.of("echo"));
        failOnce(() -> new InferenceException("broken"));

        TypedPrediction<float[]> ofVersion = typed.predictWithDetails(new float[] {3, 4});
        backend.fail(() -> new InferenceException("broken"));
        float[] ofFunction = typed.predict(new float[] {3, 4});

        assertThat(ofVersion.value()).containsExactly(3, 4);
        assertThat(ofVersion.prediction().source()).isEqualTo(Source.FALLBACK);
        assertThat(ofVersion.version()).isEqualTo("1");
        assertThat(ofFunction).containsExactly(7);
    }

    @Test
    void aFunctionThatRecursesForEverLeavesTheFirstFailure() throws IOException {
        open(Fallback.to(request -> {
            throw new StackOverflowError();
        }));
        failOnce(() -> new InferenceException("broken"));

        assertThatThrownBy(() -> endpoint.predict("x", Models.x(1)))
                .isInstanceOf(InferenceException.class)
                .hasMessageEndingWith("broken")
                .hasSuppressedException(new StackOverflowError());
    }

    private void failOnce(Supplier<KitchenException> failure) {
        AtomicInteger runs = new AtomicInteger();
        backend.duringRuns(() -> {
            if (runs.getAndIncrement() == 0) {
                throw failure.get();
            }
        });
    }
}
