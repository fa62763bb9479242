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
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** The models that are measured, made here so that anybody can measure the same. */
final class Models {

    private static final int FLOAT = TensorProto.DataType.FLOAT_VALUE;
    private static final int FEATURES = 30;

    /** All of them. */
    static final List<String> NAMES = List.of("iris", "mlp", "trees", "cnn");

    private Models() {}

    /**
     * Writes {@code iris} (Gemm 4→3, Softmax), {@code mlp} (784-128-64-10 with Relu and Softmax), {@code wide}
     * (784-2048-1024-10 likewise), {@code trees} (100
     * trees of depth 6 over 30 features, logistic) or {@code cnn} (1×28×28, two convolutions of 8 and 16 channels, each
     * with Relu and MaxPool, Gemm, Softmax).
     */
    static Path write(String name) {
        GraphProto graph = switch (name) {
            case "iris" -> dense(name, 4, 3);
            case "mlp" -> dense(name, 784, 128, 64, 10);
            case "wide" -> dense(name, 784, 2_048, 1_024, 10);
            case "trees" -> trees(name);
            case "cnn" -> convolutions(name);
            default -> throw new IllegalArgumentException("model '" + name + "', expected one of " + NAMES);
        };
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
                .addOpsetImport(
                        OperatorSetIdProto.newBuilder().setDomain(Trees.DOMAIN).setVersion(3))
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

    private static GraphProto trees(String name) {
        return GraphProto.newBuilder()
                .setName(name)
                .addInput(value("input", FEATURES))
                .addNode(new Trees(100, 6, FEATURES).node("input", "probabilities"))
                .addOutput(value("probabilities", 1))
                .build();
    }

    private static GraphProto convolutions(String name) {
        Random random = new Random(3);
        return GraphProto.newBuilder()
                .setName(name)
                .addInput(value("input", 1, 28, 28))
                .addInitializer(weights("k1", random, 8, 1, 3, 3))
                .addNode(with(node("Conv", "conv1", "input", "k1"), "pads", 1, 1, 1, 1))
                .addNode(node("Relu", "relu1", "conv1"))
                .addNode(halved("pool1", "relu1"))
                .addInitializer(weights("k2", random, 16, 8, 3, 3))
                .addNode(with(node("Conv", "conv2", "pool1", "k2"), "pads", 1, 1, 1, 1))
                .addNode(node("Relu", "relu2", "conv2"))
                .addNode(halved("pool2", "relu2"))
                .addNode(node("Flatten", "flat", "pool2"))
                .addInitializer(weights("w", random, 16 * 7 * 7, 10))
                .addInitializer(weights("b", random, 10))
                .addNode(node("Gemm", "dense", "flat", "w", "b"))
                .addNode(softmax("dense"))
                .addOutput(value("probabilities", 10))
                .build();
    }

    private static NodeProto halved(String output, String input) {
        return with(with(node("MaxPool", output, input), "kernel_shape", 2, 2), "strides", 2, 2);
    }

    private static NodeProto with(NodeProto node, String attribute, long... values) {
        return node.toBuilder()
                .addAttribute(AttributeProto.newBuilder()
                        .setName(attribute)
                        .setType(AttributeProto.AttributeType.INTS)
                        .addAllInts(Arrays.stream(values).boxed().toList()))
                .build();
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

    private static ValueInfoProto value(String name, int... dimensions) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder()
                .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("batch"));
        for (int dimension : dimensions) {
            shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(dimension));
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(
                                TypeProto.Tensor.newBuilder().setElemType(FLOAT).setShape(shape)))
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
