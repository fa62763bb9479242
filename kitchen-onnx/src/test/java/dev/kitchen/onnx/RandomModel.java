package dev.kitchen.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.kitchen.tensor.DataType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/** One operator over a matrix {@code x} of any size, with the answer {@code y}. */
record RandomModel(String operator, DataType input, DataType output) {

    private static final Set<DataType> NUMBERS_OF_KERNELS =
            EnumSet.of(DataType.FLOAT, DataType.DOUBLE, DataType.INT32, DataType.INT64);

    /**
     * Every operator with every type that ONNX Runtime has a kernel for on the CPU. But for MatMul of unsigned integers:
     * ONNX Runtime 1.28.0 fails on it where a dimension is 0.
     */
    static List<RandomModel> all() {
        List<RandomModel> all = new ArrayList<>();
        for (DataType type : DataType.values()) {
            add(all, type, "Identity", "Transpose", "Concat");
            if (type != DataType.STRING) {
                for (DataType target : DataType.values()) {
                    all.add(new RandomModel("Cast", type, target));
                }
            }
            if (NUMBERS_OF_KERNELS.contains(type)) {
                add(all, type, "Add", "Mul", "MatMul");
            }
        }
        add(all, DataType.FLOAT, "Softmax");
        add(all, DataType.DOUBLE, "Softmax");
        add(all, DataType.BOOL, "Not");
        return all;
    }

    private static void add(List<RandomModel> all, DataType type, String... operators) {
        for (String operator : operators) {
            all.add(new RandomModel(operator, type, type));
        }
    }

    static RandomModel oneOf(List<RandomModel> all, RandomGenerator random) {
        return all.get(random.nextInt(all.size()));
    }

    Path write(Path directory) throws IOException {
        GraphProto.Builder graph = GraphProto.newBuilder()
                .setName("random")
                .addInput(TestModels.tensor("x", number(input), "rows", "columns"));
        switch (operator) {
            case "Transpose" ->
                graph.addNode(TestModels.node("Transpose", "y", "x")).addOutput(answer("columns", "rows"));
            case "Concat" ->
                graph.addNode(TestModels.node("Concat", "y", "x", "x").toBuilder()
                                .addAttribute(TestModels.integer("axis", 0)))
                        .addOutput(answer("twice", "columns"));
            case "Cast" ->
                graph.addNode(TestModels.node("Cast", "y", "x").toBuilder()
                                .addAttribute(TestModels.integer("to", number(output))))
                        .addOutput(answer("rows", "columns"));
            case "Add", "Mul" ->
                graph.addNode(TestModels.node(operator, "y", "x", "x")).addOutput(answer("rows", "columns"));
            case "MatMul" ->
                graph.addNode(TestModels.node("Transpose", "turned", "x"))
                        .addNode(TestModels.node("MatMul", "y", "x", "turned"))
                        .addOutput(answer("rows", "rows"));
            default -> graph.addNode(TestModels.node(operator, "y", "x")).addOutput(answer("rows", "columns"));
        }
        return TestModels.write(directory, "random", TestModels.model(graph.build()));
    }

    private ai.onnx.proto.OnnxMl.ValueInfoProto answer(Object... dimensions) {
        return TestModels.tensor("y", number(output), dimensions);
    }

    private static int number(DataType type) {
        return TensorProto.DataType.valueOf(type.name()).getNumber();
    }
}
