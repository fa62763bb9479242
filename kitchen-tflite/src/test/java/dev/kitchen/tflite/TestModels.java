package dev.kitchen.tflite;

import static dev.kitchen.tflite.ModelSketch.ints;

import dev.kitchen.tflite.FlatSketch.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Models that the tests make. */
final class TestModels {

    static final int ADD = 0;
    static final int CUMSUM = 128;
    static final int SOFTMAX = 25;
    static final int ARG_MAX = 56;

    private TestModels() {}

    /** Takes {@code x} [-1, 4], answers {@code y} [-1, 3], probabilities, and {@code label} [-1]. */
    static Path classifier(Path directory, String name, int seed) throws IOException {
        return classifier(seed).write(directory, name);
    }

    static ModelSketch classifier(int seed) {
        ModelSketch sketch = new ModelSketch();
        int x = sketch.tensor("serving_x:0", ElementType.FLOAT32, ints(1, 4), -1, 4);
        int weights = sketch.floats("weights", ModelSketch.range(12, seed), 3, 4);
        int bias = sketch.floats("bias", ModelSketch.range(3, 0.1f), 3);
        int scores = sketch.tensor("scores", ElementType.FLOAT32, ints(1, 3), -1, 3);
        int y = sketch.tensor("Identity", ElementType.FLOAT32, ints(1, 3), -1, 3);
        int axis = sketch.integers("axis", 1);
        int label = sketch.tensor("Identity_1", ElementType.INT64, ints(1), -1);
        sketch.operator(BuiltinOperator.FULLY_CONNECTED, 1, ints(x, weights, bias), ints(scores), 8, new Table());
        sketch.operator(SOFTMAX, 1, ints(scores), ints(y), 9, new Table().with(0, 1f));
        sketch.operator(ARG_MAX, 1, ints(y, axis), ints(label), 40, new Table().with(0, (byte) 4));
        return sketch.graph(ints(x), y, label)
                .signature("serving_default", 0, Map.of("x", x), Map.of("y", y, "label", label));
    }

    /** Many sums over one large matrix {@code x}, none of which XNNPACK takes over. */
    static Path slow(Path directory, int steps) throws IOException {
        ModelSketch sketch = new ModelSketch();
        int x = sketch.tensor("x", ElementType.FLOAT32, ints(512, 512));
        int axis = sketch.constant("axis", ElementType.INT32, new byte[4]);
        int last = x;
        for (int i = 0; i < steps; i++) {
            int next = sketch.tensor("sum" + i, ElementType.FLOAT32, ints(512, 512));
            sketch.operator(CUMSUM, ints(last, axis), next);
            last = next;
        }
        return sketch.graph(ints(x), last).write(directory, "slow");
    }
}
