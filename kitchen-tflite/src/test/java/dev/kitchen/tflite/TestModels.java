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

    /** Takes {@code x} [1, 8], answers its {@code k} largest, which the request brings: 0 damages the memory. */
    static ModelSketch topKAtRunTime() {
        ModelSketch sketch = new ModelSketch();
        int x = sketch.tensor("x", ElementType.FLOAT32, ints(1, 8));
        int k = sketch.tensor("k", ElementType.INT32, ints());
        int values = sketch.tensor("values", ElementType.FLOAT32, ints(1, 1));
        int indices = sketch.tensor("indices", ElementType.INT32, ints(1, 1));
        return sketch.operator(BuiltinOperator.TOPK_V2, ints(x, k), values, indices)
                .graph(ints(x, k), values, indices);
    }

    /** A sum whose one side is quantised block by block, which ends the process while the model is prepared. */
    static ModelSketch blockwise() {
        ModelSketch sketch = new ModelSketch();
        int x = quantized(sketch, sketch.tensor("x", ElementType.INT8, ints(1, 64)));
        int weights = sketch.constant("weights", ElementType.INT8, new byte[64], 1, 64);
        sketch.field(
                4, new Table().with(4, (byte) 2).with(5, new Table().with(0, 0).with(2, 32)));
        int y = quantized(sketch, sketch.tensor("y", ElementType.INT8, ints(1, 64)));
        return sketch.operator(ADD, 1, ints(x, weights), ints(y), 11, new Table())
                .graph(ints(x), y);
    }

    /** A sum of 8-bit numbers that do not say what they stand for, which ends the process as well. */
    static ModelSketch unscaled() {
        ModelSketch sketch = new ModelSketch();
        int x = quantized(sketch, sketch.tensor("x", ElementType.INT8, ints(1, 64)));
        int weights = sketch.constant("weights", ElementType.INT8, new byte[64], 1, 64);
        int y = quantized(sketch, sketch.tensor("y", ElementType.INT8, ints(1, 64)));
        return sketch.operator(ADD, 1, ints(x, weights), ints(y), 11, new Table())
                .graph(ints(x), y);
    }

    /** A filter over time whose state is too narrow for what the integer kernel writes into it. */
    static ModelSketch narrowSvdf(int filters, int memory) {
        ModelSketch sketch = new ModelSketch();
        int x = quantized(sketch, sketch.tensor("x", ElementType.INT8, ints(1, 8)));
        int features =
                quantized(sketch, sketch.constant("features", ElementType.INT8, new byte[filters * 8], filters, 8));
        int time = quantized(
                sketch, sketch.constant("time", ElementType.INT8, new byte[filters * memory], filters, memory));
        int bias = quantized(sketch, sketch.constant("bias", ElementType.INT32, new byte[4 * filters], filters));
        int state = quantized(sketch, sketch.variable("state", ElementType.INT8, 1, filters * memory));
        int y = quantized(sketch, sketch.tensor("y", ElementType.INT8, ints(1, filters)));
        return sketch.operator(
                        BuiltinOperator.SVDF,
                        3,
                        ints(x, features, time, bias, state),
                        ints(y),
                        6,
                        new Table().with(0, 1))
                .graph(ints(x), y);
    }

    private static int quantized(ModelSketch sketch, int tensor) {
        sketch.quantized(new float[] {0.5f}, new long[] {0}, 0);
        return tensor;
    }

    /** Two graphs behind one file: {@code add} answers x + 2, {@code sub} x - 2. */
    static ModelSketch twoSignatures() {
        ModelSketch sketch = new ModelSketch();
        for (int graph = 0; graph < 2; graph++) {
            int x = sketch.tensor("x" + graph, ElementType.FLOAT32, ints(1), -1);
            int two = sketch.floats("two", new float[] {graph == 0 ? 2 : -2}, 1);
            int y = sketch.tensor("y" + graph, ElementType.FLOAT32, ints(1), -1);
            sketch.operator(ADD, 1, ints(x, two), ints(y), 11, new Table()).graph(ints(x), y);
            sketch.signature(graph == 0 ? "add" : "sub", graph, Map.of("x", x), Map.of("y", y));
        }
        return sketch;
    }

    /** Gives back its input of any type and length: a reshape to [-1]. */
    static ModelSketch flatten(ElementType type) {
        ModelSketch sketch = new ModelSketch();
        int x = sketch.tensor("x", type, ints(1, 2), -1, 2);
        int shape = sketch.integers("shape", -1);
        int y = sketch.tensor("y", type, ints(2), -1);
        return sketch.operator(22, ints(x, shape), y).graph(ints(x), y);
    }

    /** Adds up over its runs, if what it remembers is not taken from it: an RNN with weights of 1. */
    static ModelSketch remembering() {
        ModelSketch sketch = new ModelSketch();
        int x = sketch.tensor("x", ElementType.FLOAT32, ints(1, 1));
        int weights = sketch.floats("weights", new float[] {1}, 1, 1);
        int again = sketch.floats("again", new float[] {1}, 1, 1);
        int bias = sketch.floats("bias", new float[] {0}, 1);
        int state = sketch.variable("state", ElementType.FLOAT32, 1, 1);
        int y = sketch.tensor("y", ElementType.FLOAT32, ints(1, 1));
        return sketch.operator(BuiltinOperator.RNN, ints(x, weights, again, bias, state), y)
                .graph(ints(x), y);
    }
}
