package dev.kitchen.tflite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The committed model is what this project's code makes, its answer computed by plain loops of Java;
 * {@code -Dkitchen.models.write=true} writes it anew. {@link SharedDataTest} asks it.
 */
class OwnModelTest {

    static final Path DIRECTORY = Path.of(System.getProperty("kitchen.root"), "kitchen-tflite/src/test/models");

    private static final int SEED = 7;
    private static final float[] X = {0.5f, -1.25f, 2f, 0.75f};

    @Test
    void theCommittedModelIsWhatThisCodeMakes() throws IOException {
        byte[] model = TestModels.classifier(SEED).bytes();
        String cases = cases();
        Path directory = DIRECTORY.resolve("dense-classifier");
        if (Boolean.getBoolean("kitchen.models.write")) {
            Files.createDirectories(directory);
            Files.write(directory.resolve("model.tflite"), model);
            Files.writeString(directory.resolve("cases.json"), cases);
        }

        assertThat(directory.resolve("model.tflite")).hasBinaryContent(model);
        assertThat(directory.resolve("cases.json")).hasContent(cases);
    }

    private static String cases() {
        float[] weights = ModelSketch.range(12, SEED);
        float[] bias = ModelSketch.range(3, 0.1f);
        double[] scores = new double[3];
        for (int i = 0; i < 3; i++) {
            scores[i] = bias[i];
            for (int j = 0; j < 4; j++) {
                scores[i] += (double) weights[i * 4 + j] * X[j];
            }
        }
        double most = Arrays.stream(scores).max().orElseThrow();
        double sum = Arrays.stream(scores).map(it -> Math.exp(it - most)).sum();
        int label = 0;
        for (int i = 1; i < 3; i++) {
            label = scores[i] > scores[label] ? i : label;
        }
        String y = Arrays.stream(scores)
                .mapToObj(it -> String.format(Locale.ROOT, "%.6f", Math.exp(it - most) / sum))
                .collect(Collectors.joining(", "));
        return """
                {
                  "model": "model.tflite",
                  "source": "made by TestModels.java of this project; the answer by plain loops of Java",
                  "licence": "Apache-2.0",
                  "cases": [{"id": "one",
                    "inputs": [{"name": "x", "datatype": "FP32", "shape": [1, 4], "data": %s}],
                    "expected": [{"name": "y", "datatype": "FP32", "shape": [1, 3], "data": [%s]},
                      {"name": "label", "datatype": "INT64", "shape": [1], "data": [%d]}]}]
                }
                """.formatted(Arrays.toString(X), y, label);
    }
}
