package dev.kitchen.benchmarks;

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
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** The models that are measured, made here so that anybody can measure the same. */
final class Models {

    private static final int FLOAT = TensorProto.DataType.FLOAT_VALUE;

    /** All of them. */
    static final List<String> NAMES = List.of("iris", "mlp");

    private Models() {}

    /** How many probabilities the model answers a row with. */
    static int outputs(String name) {
        return name.equals("iris") ? 3 : 10;
    }

    /** How many numbers a row of the model has. */
    static int columns(String name) {
        return name.equals("iris") ? 4 : 784;
    }

    /** Writes {@code iris} (Gemm 4→3, Softmax) or {@code mlp} (784-128-64-10 with Relu and Softmax). */
    static Path write(String name) {
        GraphProto graph = name.equals("iris") ? dense("iris", 4, 3) : dense("mlp", 784, 128, 64, 10);
        try {
            Path directory = Files.createTempDirectory("kitchen-benchmarks");
            return Files.write(directory.resolve(name + ".onnx"), model(graph).toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ModelProto model(GraphProto graph) {
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .setProducerName("kitchen-benchmarks")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
                .setGraph(graph)
                .build();
    }

    private static GraphProto dense(String name, int... sizes) {
        GraphProto.Builder graph = GraphProto.newBuilder().setName(name).addInput(value("input", sizes[0]));
        Random random = new Random(1);
        String last = "input";
        for (int i = 1; i < sizes.length; i++) {
            graph.addInitializer(weights("w" + i, random, sizes[i - 1], sizes[i]));
            graph.addInitializer(weights("b" + i, random, sizes[i]));
            graph.addNode(node("Gemm", "dense" + i, last, "w" + i, "b" + i));
            boolean end = i == sizes.length - 1;
            last = end ? "probabilities" : "relu" + i;
            graph.addNode(end ? softmax("dense" + i) : node("Relu", last, "dense" + i));
        }
        return graph.addOutput(value("probabilities", sizes[sizes.length - 1])).build();
    }

    private static NodeProto node(String operator, String output, String... inputs) {
        return NodeProto.newBuilder()
                .setOpType(operator)
                .setName(output)
                .addOutput(output)
                .addAllInput(List.of(inputs))
                .build();
    }

    private static NodeProto softmax(String input) {
        return node("Softmax", "probabilities", input).toBuilder()
                .addAttribute(AttributeProto.newBuilder()
                        .setName("axis")
                        .setType(AttributeProto.AttributeType.INT)
                        .setI(1))
                .build();
    }

    private static ValueInfoProto value(String name, int columns) {
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(FLOAT)
                                .setShape(TensorShapeProto.newBuilder()
                                        .addDim(TensorShapeProto.Dimension.newBuilder()
                                                .setDimParam("batch"))
                                        .addDim(TensorShapeProto.Dimension.newBuilder()
                                                .setDimValue(columns)))))
                .build();
    }

    private static TensorProto weights(String name, Random random, int... dimensions) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(FLOAT);
        int count = 1;
        for (int dimension : dimensions) {
            tensor.addDims(dimension);
            count *= dimension;
        }
        for (int i = 0; i < count; i++) {
            tensor.addFloatData((float) (random.nextGaussian() / Math.sqrt(dimensions[0])));
        }
        return tensor.build();
    }
}
