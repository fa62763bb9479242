package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.InferenceException;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.observe.KitchenListener;
import dev.kitchen.observe.LoadEvent;
import dev.kitchen.observe.PredictionEvent;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.Prediction;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.EmptyOptional;
import dev.kitchen.tensor.MapValue;
import dev.kitchen.tensor.SequenceValue;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.testkit.FakeBackend;
import dev.kitchen.testkit.ManualTicker;
import dev.kitchen.testkit.RecordingListener;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictTest {

    private static final String PLACE = "endpoint 'fraud', version '1': ";

    @TempDir
    Path directory;

    private final FakeBackend backend = new FakeBackend();
    private final ManualTicker ticker = new ManualTicker();
    private final RecordingListener listener = new RecordingListener();
    private Kitchen kitchen;
    private Endpoint endpoint;

    @BeforeEach
    void open() throws IOException {
        FakeBackend.writeModel(directory, "fraud", "blue");
        kitchen = Kitchen.builder()
                .models(directory)
                .backend(backend)
                .ticker(ticker)
                .listener(new ThrowingListener())
                .listener(listener)
                .open();
        endpoint = kitchen.endpoint("fraud");
    }

    @AfterEach
    void close() {
        kitchen.close();
        assertThat(backend.violations()).isZero();
    }

    @Test
    void answersWithModelVersionOutputsAndTime() {
        backend.duringRuns(() -> ticker.advance(Duration.ofMillis(3)));

        Prediction prediction = endpoint.predict("x", Models.x(1, 2, 4));

        assertThat(prediction.model()).isEqualTo("fraud");
        assertThat(prediction.version()).isEqualTo("1");
        assertThat(prediction.duration()).isEqualTo(Duration.ofMillis(3));
        assertThat(prediction.tensor("echo")).isEqualTo(Models.x(1, 2, 4));
        assertThat(prediction.tensor("sum").toDoubleArray()).containsExactly(7);
        assertThat(prediction.tensor("tag").toStringArray()).containsExactly("blue");
        assertThat(prediction.outputs().names()).containsExactly("echo", "sum", "tag");
    }

    @Test
    void computesTheRequestedOutputsInTheOrderAskedFor() {
        Prediction prediction = endpoint.predict("x", Models.x(1), CallOptions.requestedOutputs("tag", "echo"));

        assertThat(prediction.outputs().names()).containsExactly("tag", "echo");
        assertThatThrownBy(() -> prediction.tensor("sum"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("'sum'")
                .hasMessageContaining("[tag, echo]");
    }

    @Test
    void namesPlaceActualAndExpected() {
        Tensor good = Models.x(1, 2);

        assertRefused(Map.of(), "input 'x' is missing, expected x: FLOAT [rows, columns]");
        assertRefused(Map.of("y", good), "unknown input 'y', expected [x]");
        assertRefused(Map.of("x", good, "y", good), "unknown input 'y', expected [x]");
        assertRefused(Map.of("x", good.convertTo(DataType.DOUBLE)), "input 'x' has type DOUBLE, expected FLOAT");
        assertRefused(Map.of("x", good.reshape(2)), "input 'x' has shape [2], expected [-1, -1]");
        assertRefused(Map.of("x", new SequenceValue(List.of(good))), "input 'x' is a sequence, expected a tensor");
        assertRefused(
                Map.of("x", MapValue.of(DataType.STRING, DataType.FLOAT, Map.of("a", 1f))),
                "input 'x' is a map from STRING to FLOAT, expected a tensor");
        assertRefused(Map.of("x", new EmptyOptional()), "input 'x' is empty, expected a tensor");
        assertThatThrownBy(() -> endpoint.predict("x", good, CallOptions.requestedOutputs("echo", "score")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage(PLACE + "unknown output 'score', expected [echo, sum, tag]");
        assertThat(backend.runs()).isZero();
        assertThat(endpoint.predict("x", good)).isNotNull();
    }

    private void assertRefused(Map<String, ? extends dev.kitchen.tensor.Value> inputs, String message) {
        assertThatThrownBy(() -> endpoint.predict(inputs))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage(PLACE + message);
    }

    @Test
    void aFailingModelFailsItsCallsAndNoLaterOne() {
        backend.fail(() -> new InferenceException("node 7 overflowed"));
        assertThatThrownBy(() -> endpoint.predict("x", Models.x(1)))
                .isInstanceOf(InferenceException.class)
                .hasMessage(PLACE + "node 7 overflowed");

        backend.fail(() -> new InvalidRequestException("rows do not match"));
        assertThatThrownBy(() -> endpoint.predict("x", Models.x(1)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage(PLACE + "rows do not match");

        backend.fail(() -> new ArithmeticException("a backend's bug"));
        assertThatThrownBy(() -> endpoint.predict("x", Models.x(1)))
                .isInstanceOf(InferenceException.class)
                .hasMessageStartingWith(PLACE)
                .hasMessageContaining("a backend's bug")
                .hasCauseInstanceOf(ArithmeticException.class);

        backend.recover();
        assertThat(endpoint.predict("x", Models.x(1)).tensor("echo")).isEqualTo(Models.x(1));
    }

    @Test
    void aModelThatRunsOutOfStackOrMemoryOrLacksItsLibraryHasFailed() {
        for (Error error : List.of(
                new StackOverflowError(), new OutOfMemoryError("no direct memory"), new UnsatisfiedLinkError("gone"))) {
            backend.duringRuns(() -> {
                throw error;
            });

            assertThatThrownBy(() -> endpoint.predict("x", Models.x(1)))
                    .isInstanceOf(InferenceException.class)
                    .hasMessage(PLACE + error)
                    .hasCause(error);
        }

        backend.duringRuns(() -> {});
        assertThat(endpoint.predict("x", Models.x(1)).tensor("echo")).isEqualTo(Models.x(1));
        assertThat(listener.predictions())
                .extracting(it -> it.failure().isPresent())
                .containsExactly(true, true, true, false);
        assertThat(endpoint.circuitBreaker().orElseThrow().status().failures()).isEqualTo(3);
    }

    @Test
    void tellsTheListenerOfEveryCall() {
        backend.duringRuns(() -> ticker.advance(Duration.ofMillis(2)));
        CallOptions options = CallOptions.builder().requestId("r-1").build();

        endpoint.predict("x", Models.x(1), options);
        backend.fail(() -> new InferenceException("no"));
        assertThatThrownBy(() -> endpoint.predict("x", Models.x(1))).isInstanceOf(InferenceException.class);

        assertThat(listener.predictions()).hasSize(2);
        PredictionEvent first = listener.predictions().get(0);
        assertThat(first.model()).isEqualTo("fraud");
        assertThat(first.requestId()).contains("r-1");
        assertThat(first.durationNanos()).isEqualTo(2_000_000);
        assertThat(first.failure()).isEmpty();
        assertThat(listener.predictions().get(1).failure()).isPresent();
    }

    /** Stands before the recording one, so that every test here proves that it does no harm. */
    private static final class ThrowingListener implements KitchenListener {
        @Override
        public void onLoad(LoadEvent event) {
            throw new StackOverflowError("a listener's bug");
        }

        @Override
        public void onPrediction(PredictionEvent event) {
            throw new ConfigurationException("a listener's bug");
        }
    }
}
