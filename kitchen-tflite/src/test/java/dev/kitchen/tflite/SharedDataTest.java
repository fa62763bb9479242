package dev.kitchen.tflite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.Endpoint;
import dev.kitchen.Kitchen;
import dev.kitchen.error.ModelLoadException;
import dev.kitchen.predict.Prediction;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Real models from real projects give the answers published for them. */
class SharedDataTest {

    private static final Logger LOGGER = LoggerFactory.getLogger(SharedDataTest.class);
    private static final double TOLERANCE = 1e-4;

    @Test
    void everyCaseGetsItsExpectedAnswer() throws IOException {
        everyCaseGetsItsExpectedAnswer(TfliteOptions.defaults());
    }

    @Test
    void everyCaseGetsItsExpectedAnswerWithoutXnnpack() throws IOException {
        everyCaseGetsItsExpectedAnswer(TfliteOptions.builder().xnnpack(false).build());
    }

    private static void everyCaseGetsItsExpectedAnswer(TfliteOptions options) throws IOException {
        List<String> differences = new ArrayList<>();
        List<SharedCases.Case> cases = SharedCases.all();
        for (SharedCases.Case one : cases) {
            // The old model of these cases does not say that it takes any shape.
            TfliteOptions own = one.id().startsWith("add-resizable/")
                    ? options.toBuilder().inputShape("a", Shape.UNKNOWN).build()
                    : options;
            try (Kitchen kitchen = Kitchen.builder()
                    .models(one.model())
                    .backend(new TfliteBackend(own))
                    .shutdownHook(false)
                    .open()) {
                differences.addAll(differences(
                        one, kitchen.endpoint(kitchen.endpointNames().iterator().next())));
            }
        }

        LOGGER.warn("shared data: {} cases of real models answered, {} differences", cases.size(), differences.size());
        assertThat(cases).isNotEmpty();
        assertThat(differences).isEmpty();
    }

    private static List<String> differences(SharedCases.Case one, Endpoint endpoint) {
        Map<String, Value> inputs = new LinkedHashMap<>();
        for (int i = 0; i < one.inputs().size(); i++) {
            inputs.put(endpoint.signature().inputs().get(i).name(), one.inputs().get(i));
        }
        Prediction prediction = endpoint.predict(inputs);
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < one.expected().size(); i++) {
            Tensor expected = one.expected().get(i);
            Tensor actual = (Tensor) prediction.outputs().value(i);
            if (actual.type() != expected.type() || !actual.shape().equals(expected.shape())) {
                differences.add(one.id() + ": " + actual.type() + actual.shape() + ", expected " + expected.type()
                        + expected.shape());
            } else if (!isClose(actual, expected)) {
                differences.add(one.id() + ": " + actual + ", expected " + expected);
            }
        }
        return differences;
    }

    private static boolean isClose(Tensor actual, Tensor expected) {
        if (actual.type() == DataType.STRING) {
            return actual.equals(expected);
        }
        double tolerance = actual.type().isInteger() ? 1 : TOLERANCE;
        for (int i = 0; i < actual.elementCount(); i++) {
            double difference = Math.abs(actual.doubleAt(i) - expected.doubleAt(i));
            if (!(difference <= tolerance * Math.max(1, Math.abs(expected.doubleAt(i))))) {
                return false;
            }
        }
        return true;
    }

    @Test
    void everyBadFileEndsInATypedError() throws IOException {
        List<Path> files = SharedCases.bad();
        for (Path file : files) {
            assertThatThrownBy(() -> Kitchen.open(file).close())
                    .isInstanceOf(ModelLoadException.class)
                    .hasMessageContaining(file.getFileName().toString());
        }
        assertThat(files).hasSize(3);
    }
}
