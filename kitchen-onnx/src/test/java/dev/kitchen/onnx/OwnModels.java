package dev.kitchen.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;

/**
 * The models under {@code src/test/models}: made by this code, their answers computed by plain loops of Java, so that the
 * acceptance runs without any material from elsewhere. Licensed as the project is.
 */
final class OwnModels {

    private static final int FLOAT = TestModels.FLOAT;

    private OwnModels() {}

    /** A model with one question and its answer, computed without ONNX Runtime. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    record Own(ModelProto model, long[] shape, float[] x, long[] answerShape, double[] y) {}

    static Map<String, Own> all() {
        return Map.of(
                "two-layer-perceptron", perceptron(), "small-convolution", convolution(), "elman-network", recurrent());
    }

    /** Rows of 6, 5 hidden units with ReLU, probabilities of 3 classes. */
    private static Own perceptron() {
        float[] first = numbers(6 * 5, 1);
        float[] second = numbers(5 * 3, 2);
        GraphProto graph = GraphProto.newBuilder()
                .setName("perceptron")
                .addInput(TestModels.tensor("x", FLOAT, "batch", 6))
                .addInitializer(floats("first", first, 6, 5))
                .addInitializer(floats("second", second, 5, 3))
                .addNode(TestModels.node("MatMul", "hidden", "x", "first"))
                .addNode(TestModels.node("Relu", "active", "hidden"))
                .addNode(TestModels.node("MatMul", "scores", "active", "second"))
                .addNode(TestModels.node("Softmax", "y", "scores").toBuilder()
                        .addAttribute(TestModels.integer("axis", 1)))
                .addOutput(TestModels.tensor("y", FLOAT, "batch", 3))
                .build();
        float[] x = numbers(2 * 6, 3);
        double[] y = new double[2 * 3];
        for (int row = 0; row < 2; row++) {
            double[] hidden = times(doubles(x, row * 6, 6), first, 5);
            for (int i = 0; i < hidden.length; i++) {
                hidden[i] = Math.max(0, hidden[i]);
            }
            double[] scores = times(hidden, second, 3);
            double sum = Arrays.stream(scores).map(Math::exp).sum();
            for (int i = 0; i < 3; i++) {
                y[row * 3 + i] = Math.exp(scores[i]) / sum;
            }
        }
        return new Own(TestModels.model(graph), new long[] {2, 6}, x, new long[] {2, 3}, y);
    }

    /** A picture of 6 x 6, two filters of 3 x 3 with ReLU, their means. */
    private static Own convolution() {
        float[] filters = numbers(2 * 9, 4);
        GraphProto graph = GraphProto.newBuilder()
                .setName("convolution")
                .addInput(TestModels.tensor("x", FLOAT, "batch", 1, 6, 6))
                .addInitializer(floats("filters", filters, 2, 1, 3, 3))
                .addNode(TestModels.node("Conv", "filtered", "x", "filters"))
                .addNode(TestModels.node("Relu", "active", "filtered"))
                .addNode(TestModels.node("GlobalAveragePool", "means", "active"))
                .addNode(TestModels.node("Flatten", "y", "means"))
                .addOutput(TestModels.tensor("y", FLOAT, "batch", 2))
                .build();
        float[] x = numbers(36, 5);
        double[] y = new double[2];
        for (int filter = 0; filter < 2; filter++) {
            double sum = 0;
            for (int at = 0; at < 16; at++) {
                double value = 0;
                for (int i = 0; i < 9; i++) {
                    value += (double) filters[filter * 9 + i] * x[(at / 4 + i / 3) * 6 + at % 4 + i % 3];
                }
                sum += Math.max(0, value);
            }
            y[filter] = sum / 16;
        }
        return new Own(TestModels.model(graph), new long[] {1, 1, 6, 6}, x, new long[] {1, 2}, y);
    }

    /** A sequence of 5 steps of 3 numbers, 4 recurrent units with tanh; the last state. */
    private static Own recurrent() {
        float[] in = numbers(4 * 3, 6);
        float[] back = numbers(4 * 4, 7);
        GraphProto graph = GraphProto.newBuilder()
                .setName("recurrent")
                .addInput(TestModels.tensor("x", FLOAT, "steps", 1, 3))
                .addInitializer(floats("in", in, 1, 4, 3))
                .addInitializer(floats("back", back, 1, 4, 4))
                .addNode(TestModels.node("RNN", "all", "x", "in", "back").toBuilder()
                        .addOutput("y")
                        .addAttribute(TestModels.integer("hidden_size", 4))
                        .addAttribute(AttributeProto.newBuilder()
                                .setName("direction")
                                .setType(AttributeProto.AttributeType.STRING)
                                .setS(com.google.protobuf.ByteString.copyFromUtf8("forward"))))
                .addOutput(TestModels.tensor("y", FLOAT, 1, 1, 4))
                .build();
        float[] x = numbers(5 * 3, 8);
        double[] state = new double[4];
        for (int step = 0; step < 5; step++) {
            double[] next = new double[4];
            for (int unit = 0; unit < 4; unit++) {
                for (int i = 0; i < 3; i++) {
                    next[unit] += (double) in[unit * 3 + i] * x[step * 3 + i];
                }
                for (int i = 0; i < 4; i++) {
                    next[unit] += back[unit * 4 + i] * state[i];
                }
                next[unit] = Math.tanh(next[unit]);
            }
            state = next;
        }
        return new Own(TestModels.model(graph), new long[] {5, 1, 3}, x, new long[] {1, 1, 4}, state);
    }

    private static double[] times(double[] row, float[] matrix, int columns) {
        double[] product = new double[columns];
        for (int i = 0; i < row.length; i++) {
            for (int column = 0; column < columns; column++) {
                product[column] += row[i] * matrix[i * columns + column];
            }
        }
        return product;
    }

    private static double[] doubles(float[] numbers, int from, int count) {
        double[] part = new double[count];
        for (int i = 0; i < count; i++) {
            part[i] = numbers[from + i];
        }
        return part;
    }

    /** Numbers with few digits, the same on every JDK. */
    private static float[] numbers(int count, long seed) {
        Random random = new Random(seed);
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (random.nextInt(257) - 128) / 64f;
        }
        return numbers;
    }

    private static TensorProto floats(String name, float[] values, int... shape) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(FLOAT);
        for (int dimension : shape) {
            tensor.addDims(dimension);
        }
        for (float value : values) {
            tensor.addFloatData(value);
        }
        return tensor.build();
    }
}
