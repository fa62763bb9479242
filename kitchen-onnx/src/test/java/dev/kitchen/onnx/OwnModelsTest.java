package dev.kitchen.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The committed models are what this project's code makes; {@code -Dkitchen.models.write=true} writes them anew.
 * {@link SharedDataTest} asks them.
 */
class OwnModelsTest {

    static final Path DIRECTORY = Path.of(System.getProperty("kitchen.root"), "kitchen-onnx/src/test/models");

    @ParameterizedTest
    @ValueSource(strings = {"two-layer-perceptron", "small-convolution", "elman-network"})
    void theCommittedModelIsWhatThisCodeMakes(String id) throws IOException {
        OwnModels.Own own = OwnModels.all().get(id);
        Path directory = DIRECTORY.resolve(id);
        String cases = cases(own);
        if (Boolean.getBoolean("kitchen.models.write")) {
            Files.createDirectories(directory);
            Files.write(directory.resolve("model.onnx"), own.model().toByteArray());
            Files.writeString(directory.resolve("cases.json"), cases);
        }

        assertThat(directory.resolve("model.onnx")).hasBinaryContent(own.model().toByteArray());
        assertThat(directory.resolve("cases.json")).hasContent(cases);
    }

    @Test
    void allCommittedModelsAreMade() throws IOException {
        try (var directories = Files.list(DIRECTORY)) {
            assertThat(directories
                            .filter(Files::isDirectory)
                            .map(it -> it.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(OwnModels.all().keySet());
        }
    }

    private static String cases(OwnModels.Own own) {
        Map<String, String> parts = Map.of(
                "X", tensor("x", own.shape(), Arrays.toString(own.x())),
                "Y", tensor("y", own.answerShape(), numbers(own.y())));
        return """
                {
                  "model": "model.onnx",
                  "source": "made by OwnModels.java of this project; the answer by plain loops of Java",
                  "licence": "Apache-2.0",
                  "rtol": 1e-5,
                  "atol": 1e-6,
                  "cases": [{"id": "one", "inputs": [%s], "expected": [%s]}]
                }
                """.formatted(parts.get("X"), parts.get("Y"));
    }

    private static String tensor(String name, long[] shape, String data) {
        return "{\"name\": \"%s\", \"datatype\": \"FP32\", \"shape\": %s, \"data\": %s}"
                .formatted(name, Arrays.toString(shape), data);
    }

    /** With the digits of a float: exp and tanh may differ in the last bit of a double from JDK to JDK. */
    private static String numbers(double[] values) {
        return Arrays.stream(values)
                .mapToObj(it -> String.format(java.util.Locale.ROOT, "%.7f", it))
                .collect(Collectors.joining(", ", "[", "]"));
    }
}
