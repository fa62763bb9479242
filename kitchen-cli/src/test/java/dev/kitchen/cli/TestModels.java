package dev.kitchen.cli;

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
import java.util.Arrays;
import java.util.List;

/** Small ONNX models, written by the tests that need them. */
final class TestModels {

    private static final int FLOAT = TensorProto.DataType.FLOAT_VALUE;
    private static final int INT64 = TensorProto.DataType.INT64_VALUE;

    private TestModels() {}

    /** Returns {@code sum}, of {@code a} and {@code b}, one number each a row. */
    static Path sum(Path directory) throws IOException {
        return write(
                directory,
                "sum",
                GraphProto.newBuilder()
                        .addInput(value("a", FLOAT, "n", 1))
                        .addInput(value("b", FLOAT, "n", 1))
                        .addNode(node("Add", "sum", "a", "b"))
                        .addOutput(value("sum", FLOAT, "n", 1)));
    }

    /** Returns the {@code price} of {@code item} 0, 1 or 2, and fails for others. */
    static Path prices(Path directory) throws IOException {
        return write(
                directory,
                "prices",
                GraphProto.newBuilder()
                        .addInput(value("item", INT64, "n"))
                        .addInitializer(TensorProto.newBuilder()
                                .setName("list")
                                .setDataType(FLOAT)
                                .addDims(3)
                                .addAllFloatData(List.of(1.5f, 2.5f, 3.5f)))
                        .addNode(node("Gather", "price", "list", "item"))
                        .addOutput(value("price", FLOAT, "n")));
    }

    /** Returns {@code x} as {@code y}. */
    static Path identity(Path directory, TensorProto.DataType type, Object... dimensions) throws IOException {
        return write(
                directory,
                "identity_" + type,
                GraphProto.newBuilder()
                        .addInput(value("x", type.getNumber(), dimensions))
                        .addNode(node("Identity", "y", "x"))
                        .addOutput(value("y", type.getNumber(), dimensions)));
    }

    private static Path write(Path directory, String name, GraphProto.Builder graph) throws IOException {
        ModelProto model = ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
                .setGraph(graph.setName(name))
                .build();
        return Files.write(directory.resolve(name + ".onnx"), model.toByteArray());
    }

    private static NodeProto node(String operator, String output, String... inputs) {
        return NodeProto.newBuilder()
                .setOpType(operator)
                .setName(output)
                .addAllInput(Arrays.asList(inputs))
                .addOutput(output)
                .build();
    }

    private static ValueInfoProto value(String name, int type, Object... dimensions) {
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
                        .setTensorType(
                                TypeProto.Tensor.newBuilder().setElemType(type).setShape(shape)))
                .build();
    }
}
