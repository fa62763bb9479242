package dev.kitchen.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Small ONNX models, written by the tests that need them. */
final class TestModels {

    static final int FLOAT = TensorProto.DataType.FLOAT_VALUE;

    private TestModels() {}

    /** Rows of 4 in {@code x}, probabilities of 3 in {@code y}, and the greatest one's index in {@code label}. */
    static Path classifier(Path directory, String name, long seed) throws IOException {
        GraphProto graph = GraphProto.newBuilder()
                .setName("classifier")
                .addInput(tensor("x", FLOAT, "batch", 4))
                .addInitializer(randomMatrix("w", 4, 3, seed))
                .addNode(node("MatMul", "scores", "x", "w"))
                .addNode(node("Softmax", "y", "scores").toBuilder().addAttribute(integer("axis", 1)))
                .addNode(node("ArgMax", "label", "y").toBuilder()
                        .addAttribute(integer("axis", 1))
                        .addAttribute(integer("keepdims", 0)))
                .addOutput(tensor("y", FLOAT, "batch", 3))
                .addOutput(tensor("label", TensorProto.DataType.INT64_VALUE, "batch"))
                .build();
        return write(directory, name, model(graph));
    }

    /** Multiplies a square matrix {@code x} by itself so often that it takes a second or more for 256 rows. */
    static Path slow(Path directory, int products) throws IOException {
        GraphProto.Builder graph = GraphProto.newBuilder().setName("slow").addInput(tensor("x", FLOAT, "n", "n"));
        String last = "x";
        for (int i = 0; i < products; i++) {
            String next = i == products - 1 ? "y" : "p" + i;
            graph.addNode(node("MatMul", next, last, "x"));
            last = next;
        }
        return write(
                directory,
                "slow",
                model(graph.addOutput(tensor("y", FLOAT, "n", "n")).build()));
    }

    /** Returns {@code x} of this type, as {@code y}, in any shape of rank 2. */
    static Path identity(Path directory, TensorProto.DataType type) throws IOException {
        GraphProto graph = GraphProto.newBuilder()
                .setName("identity")
                .addInput(tensor("x", type.getNumber(), "rows", "columns"))
                .addNode(node("Identity", "y", "x"))
                .addOutput(tensor("y", type.getNumber(), "rows", "columns"))
                .build();
        return write(directory, "identity_" + type, model(graph));
    }

    static ModelProto model(GraphProto graph) {
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .setProducerName("kitchen-tests")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
                .setGraph(graph)
                .build();
    }

    static Path write(Path directory, String name, ModelProto model) throws IOException {
        return Files.write(directory.resolve(name + ".onnx"), model.toByteArray());
    }

    static NodeProto node(String operator, String output, String... inputs) {
        NodeProto.Builder node =
                NodeProto.newBuilder().setOpType(operator).setName(output).addOutput(output);
        for (String input : inputs) {
            node.addInput(input);
        }
        return node.build();
    }

    static AttributeProto integer(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }

    /** A value with these dimensions: a number, or a name where it is dynamic. */
    static ValueInfoProto tensor(String name, int elementType, Object... dimensions) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (Object dimension : dimensions) {
            if (dimension instanceof Number number) {
                shape.addDimBuilder().setDimValue(number.longValue());
            } else {
                shape.addDimBuilder().setDimParam((String) dimension);
            }
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(elementType)
                                .setShape(shape)))
                .build();
    }

    static TensorProto randomMatrix(String name, int rows, int columns, long seed) {
        Random random = new Random(seed);
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setName(name)
                .setDataType(FLOAT)
                .addDims(rows)
                .addDims(columns);
        for (int i = 0; i < rows * columns; i++) {
            tensor.addFloatData((float) random.nextGaussian());
        }
        return tensor.build();
    }
}
