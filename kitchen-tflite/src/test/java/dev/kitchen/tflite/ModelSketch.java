package dev.kitchen.tflite;

import dev.kitchen.tflite.FlatSketch.Table;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A small TensorFlow Lite model, put together by hand. */
final class ModelSketch {

    private static final String IDENTIFIER = "TFL3";
    private static final int NO_DATA = 0;

    private final List<Table> operatorCodes = new ArrayList<>();
    private final List<Table> buffers = new ArrayList<>(List.of(new Table()));
    private final List<Table> graphs = new ArrayList<>();
    private final List<Table> signatures = new ArrayList<>();
    private final List<Table> metadata = new ArrayList<>();
    private List<Table> tensors = new ArrayList<>();
    private List<Table> operators = new ArrayList<>();
    private int version = 3;

    ModelSketch withVersion(int schema) {
        version = schema;
        return this;
    }

    /** A tensor that is computed; the signature says which dimensions are dynamic. */
    int tensor(String name, ElementType type, int[] shape, int... signature) {
        Table table = table(name, type, shape, NO_DATA);
        if (signature.length > 0) {
            table.with(7, signature);
        }
        return add(table);
    }

    int variable(String name, ElementType type, int... shape) {
        return add(table(name, type, shape, NO_DATA).with(5, true));
    }

    int constant(String name, ElementType type, byte[] data, int... shape) {
        buffers.add(new Table().with(0, data));
        return add(table(name, type, shape, buffers.size() - 1));
    }

    int floats(String name, float[] data, int... shape) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * data.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(data);
        return constant(name, ElementType.FLOAT32, bytes.array(), shape);
    }

    int integers(String name, int... data) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * data.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(data);
        return constant(name, ElementType.INT32, bytes.array(), data.length);
    }

    /** The last tensor's numbers stand for real ones. */
    ModelSketch quantized(float[] scales, long[] zeroPoints, int axis) {
        last().with(4, new Table().with(2, scales).with(3, zeroPoints).with(6, axis));
        return this;
    }

    /** Any field of the last tensor. */
    ModelSketch field(int slot, Object value) {
        last().with(slot, value);
        return this;
    }

    private Table last() {
        return tensors.get(tensors.size() - 1);
    }

    private static Table table(String name, ElementType type, int[] shape, int buffer) {
        return new Table()
                .with(0, shape)
                .with(1, (byte) type.codeInFile())
                .with(2, buffer)
                .with(3, name);
    }

    private int add(Table tensor) {
        tensors.add(tensor);
        return tensors.size() - 1;
    }

    ModelSketch operator(int code, int[] inputs, int... outputs) {
        return operator(code, 1, inputs, outputs, 0, new Table());
    }

    ModelSketch operator(int code, int version, int[] inputs, int[] outputs, int optionsType, Table options) {
        operatorCodes.add(
                new Table().with(0, (byte) Math.min(code, 127)).with(2, version).with(3, code));
        return operator(inputs, outputs, optionsType, options);
    }

    ModelSketch custom(String name, int[] inputs, int... outputs) {
        operatorCodes.add(
                new Table().with(0, (byte) 32).with(1, name).with(2, 1).with(3, 32));
        return operator(inputs, outputs, 0, new Table());
    }

    private ModelSketch operator(int[] inputs, int[] outputs, int optionsType, Table options) {
        Table operator =
                new Table().with(0, operatorCodes.size() - 1).with(1, inputs).with(2, outputs);
        if (optionsType > 0) {
            operator.with(3, (byte) optionsType).with(4, options);
        }
        operators.add(operator);
        return this;
    }

    /** Any field of the last operator. */
    ModelSketch operatorField(int slot, Object value) {
        operators.get(operators.size() - 1).with(slot, value);
        return this;
    }

    /** Ends a graph. */
    ModelSketch graph(int[] inputs, int... outputs) {
        graphs.add(new Table()
                .with(0, tensors)
                .with(1, inputs)
                .with(2, outputs)
                .with(3, operators)
                .with(4, "graph" + graphs.size()));
        tensors = new ArrayList<>();
        operators = new ArrayList<>();
        return this;
    }

    ModelSketch signature(String key, int graph, Map<String, Integer> inputs, Map<String, Integer> outputs) {
        signatures.add(new Table()
                .with(0, names(inputs))
                .with(1, names(outputs))
                .with(2, key)
                .with(4, graph));
        return this;
    }

    /** In the order of their names: a map without an order would make other bytes in each JVM. */
    private static List<Table> names(Map<String, Integer> names) {
        return new TreeMap<>(names)
                .entrySet().stream()
                        .map(it -> new Table().with(0, it.getKey()).with(1, it.getValue()))
                        .toList();
    }

    ModelSketch metadata(String name, byte[] data) {
        buffers.add(new Table().with(0, data));
        metadata.add(new Table().with(0, name).with(1, buffers.size() - 1));
        return this;
    }

    byte[] bytes() {
        return FlatSketch.write(
                new Table()
                        .with(0, version)
                        .with(1, operatorCodes)
                        .with(2, graphs)
                        .with(3, "made by a test")
                        .with(4, buffers)
                        .with(6, metadata)
                        .with(7, signatures),
                IDENTIFIER);
    }

    Path write(Path directory, String name) throws IOException {
        return Files.write(directory.resolve(name + ".tflite"), bytes());
    }

    static float[] range(int count, float scale) {
        float[] data = new float[count];
        for (int i = 0; i < count; i++) {
            data[i] = (float) Math.sin(i * 1.7 + 0.3) * scale;
        }
        return data;
    }

    static int[] ints(int... numbers) {
        return Arrays.copyOf(numbers, numbers.length);
    }
}
