package dev.kitchen.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.ByteString;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Models whose rows depend on one another, though few rows, or made-up ones, do not show it. */
final class MixedRowModels {

    private static final int FLOAT = DataType.FLOAT_VALUE;
    private static final int INT64 = DataType.INT64_VALUE;

    private MixedRowModels() {}

    static Map<String, ModelProto> all() {
        Map<String, ModelProto> models = new LinkedHashMap<>();
        models.put("mean of square roots", minusMean(graph(FLOAT, 4), "Sqrt", 4));
        models.put("softmax over rows of logarithms", overRowsOfLogarithms());
        models.put("mean of cast indices", embedded(cast(graph(FLOAT, 1)), "i", 4));
        models.put("mean of an embedding of two", embedded(graph(INT64, 1), "x", 2));
        models.put("mean of texts", texts());
        models.put("any of the rows", booleans());
        models.put("small column beside a huge one", hugeColumn());
        models.put("largest number above ten", aboveTen());
        models.put("four rows or more", fourRows());
        models.put("zero to two rows for each", detections());
        return models;
    }

    /** Models of which no trial with numbers of usual size, or few rows, shows it. */
    static Map<String, ModelProto> shownByTheirGraphsOnly() {
        Map<String, ModelProto> models = new LinkedHashMap<>();
        models.put("largest number above two thousand, in a function", excess());
        models.put("sum above two thousand, by Einsum", excessByEinsum());
        models.put("height of an image by the number of rows", heightByRows());
        return models;
    }

    private static FunctionProto.Builder function(String name) {
        return FunctionProto.newBuilder()
                .setDomain("mine")
                .setName(name)
                .addInput("x")
                .addOutput("y")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(17));
    }

    private static ModelProto calling(FunctionProto.Builder function) {
        GraphProto.Builder graph = graph(FLOAT, 4)
                .addNode(TestModels.node(function.getName(), "y", "x").toBuilder()
                        .setDomain("mine"));
        return model(graph, "n", 4).toBuilder()
                .addFunctions(function)
                .addOpsetImport(
                        OperatorSetIdProto.newBuilder().setDomain("mine").setVersion(1))
                .build();
    }

    private static NodeProto constant(String output, TensorProto value) {
        return NodeProto.newBuilder()
                .setOpType("Constant")
                .addOutput(output)
                .addAttribute(AttributeProto.newBuilder()
                        .setName("value")
                        .setType(AttributeProto.AttributeType.TENSOR)
                        .setT(value))
                .build();
    }

    private static ModelProto excess() {
        return calling(function("Excess")
                .addNode(constant("c", floats("", 2_000)))
                .addNode(TestModels.node("Sub", "d", "x", "c"))
                .addNode(TestModels.node("Relu", "r", "d"))
                .addNode(node("ReduceMax", "m", List.of("r"), axes(0)))
                .addNode(TestModels.node("Sub", "y", "x", "m")));
    }

    /** A function that works within each row. */
    static ModelProto normalisedByAFunction() {
        return calling(function("Normalised")
                .addNode(node("ReduceMean", "mean", List.of("x"), axes(1)))
                .addNode(TestModels.node("Sub", "y", "x", "mean")));
    }

    private static AttributeProto equation(String text) {
        return AttributeProto.newBuilder()
                .setName("equation")
                .setType(AttributeProto.AttributeType.STRING)
                .setS(ByteString.copyFromUtf8(text))
                .build();
    }

    private static ModelProto excessByEinsum() {
        return model(
                graph(FLOAT, 4)
                        .addInitializer(floats("c", 2_000))
                        .addNode(TestModels.node("Sub", "d", "x", "c"))
                        .addNode(TestModels.node("Relu", "r", "d"))
                        .addNode(node("Einsum", "s", List.of("r"), equation("ij -> j")))
                        .addNode(TestModels.node("Sub", "y", "x", "s")),
                "n",
                4);
    }

    /** Products within each row. */
    static ModelProto multipliedByEinsum() {
        return model(
                graph(FLOAT, 4)
                        .addNode(node("Einsum", "s", List.of("x", "x"), equation("bi,bj->bij")))
                        .addNode(node("ReduceMean", "m", List.of("s"), axes(2)))
                        .addNode(node("Flatten", "y", List.of("m"), TestModels.integer("axis", 1))),
                "n",
                4);
    }

    private static ModelProto heightByRows() {
        return model(
                GraphProto.newBuilder()
                        .setName("mixed")
                        .addInput(TestModels.tensor("x", FLOAT, "n", 1, 4, 4))
                        .addInitializer(integer("zero", 0))
                        .addInitializer(integer("one", 1))
                        .addInitializer(integer("four", 4))
                        .addInitializer(integer("eight", 8))
                        .addInitializer(integer("last", 2, 3))
                        .addNode(TestModels.node("Shape", "s", "x"))
                        .addNode(TestModels.node("Slice", "rows", "s", "zero", "one"))
                        .addNode(TestModels.node("Mod", "m", "rows", "eight"))
                        .addNode(TestModels.node("Add", "height", "m", "four"))
                        .addNode(node(
                                "Concat",
                                "sizes",
                                List.of("rows", "one", "height", "four"),
                                TestModels.integer("axis", 0)))
                        .addNode(TestModels.node("Resize", "r", "x", "", "", "sizes"))
                        .addNode(TestModels.node("ReduceSum", "y", "r", "last")),
                "n",
                1,
                1,
                1);
    }

    private static GraphProto.Builder graph(int type, int columns) {
        return GraphProto.newBuilder().setName("mixed").addInput(TestModels.tensor("x", type, "n", columns));
    }

    private static ModelProto model(GraphProto.Builder graph, Object... dimensions) {
        graph.addOutput(TestModels.tensor("y", FLOAT, dimensions));
        return TestModels.model(graph.build()).toBuilder()
                .addOpsetImport(
                        OperatorSetIdProto.newBuilder().setDomain("ai.onnx.ml").setVersion(3))
                .build();
    }

    private static NodeProto node(String operator, String output, List<String> inputs, AttributeProto... attributes) {
        return TestModels.node(operator, output, inputs.toArray(String[]::new)).toBuilder()
                .addAllAttribute(List.of(attributes))
                .build();
    }

    private static AttributeProto axes(long... axes) {
        AttributeProto.Builder attribute =
                AttributeProto.newBuilder().setName("axes").setType(AttributeProto.AttributeType.INTS);
        Arrays.stream(axes).forEach(attribute::addInts);
        return attribute.build();
    }

    private static TensorProto floats(String name, float value) {
        return TensorProto.newBuilder()
                .setName(name)
                .setDataType(FLOAT)
                .addDims(1)
                .addFloatData(value)
                .build();
    }

    private static TensorProto integer(String name, long... values) {
        TensorProto.Builder tensor =
                TensorProto.newBuilder().setName(name).setDataType(INT64).addDims(values.length);
        Arrays.stream(values).forEach(tensor::addInt64Data);
        return tensor.build();
    }

    private static GraphProto.Builder mean(GraphProto.Builder graph, String value) {
        return graph.addNode(node("ReduceMean", "mean", List.of(value), axes(0)))
                .addNode(TestModels.node("Sub", "y", value, "mean"));
    }

    private static ModelProto minusMean(GraphProto.Builder graph, String operator, int columns) {
        return model(mean(graph.addNode(TestModels.node(operator, "h", "x")), "h"), "n", columns);
    }

    private static ModelProto overRowsOfLogarithms() {
        return model(
                graph(FLOAT, 4)
                        .addNode(TestModels.node("Log", "h", "x"))
                        .addNode(node("Softmax", "y", List.of("h"), TestModels.integer("axis", 0))),
                "n",
                4);
    }

    private static GraphProto.Builder cast(GraphProto.Builder graph) {
        return graph.addNode(node("Cast", "i", List.of("x"), TestModels.integer("to", INT64)));
    }

    private static ModelProto embedded(GraphProto.Builder graph, String indices, int entries) {
        graph.addInitializer(TestModels.randomMatrix("table", entries, 4, 1))
                .addNode(TestModels.node("Gather", "e", "table", indices));
        return model(mean(graph, "e"), "n", 1, 4);
    }

    private static ModelProto texts() {
        NodeProto encoder = TestModels.node("LabelEncoder", "e", "x").toBuilder()
                .setDomain("ai.onnx.ml")
                .addAttribute(AttributeProto.newBuilder()
                        .setName("keys_strings")
                        .setType(AttributeProto.AttributeType.STRINGS)
                        .addStrings(ByteString.copyFromUtf8("red"))
                        .addStrings(ByteString.copyFromUtf8("green")))
                .addAttribute(AttributeProto.newBuilder()
                        .setName("values_floats")
                        .setType(AttributeProto.AttributeType.FLOATS)
                        .addFloats(1)
                        .addFloats(5))
                .build();
        return model(mean(graph(DataType.STRING_VALUE, 1).addNode(encoder), "e"), "n", 1);
    }

    private static ModelProto booleans() {
        return model(
                graph(DataType.BOOL_VALUE, 2)
                        .addNode(node("Cast", "f", List.of("x"), TestModels.integer("to", FLOAT)))
                        .addNode(node("ReduceMax", "any", List.of("f"), axes(0)))
                        .addNode(TestModels.node("Add", "y", "f", "any")),
                "n",
                2);
    }

    private static ModelProto hugeColumn() {
        GraphProto.Builder graph = graph(FLOAT, 4)
                .addInitializer(floats("huge", 1e7f))
                .addInitializer(floats("zero", 0))
                .addNode(node("ReduceMean", "mean", List.of("x"), axes(0)))
                .addNode(TestModels.node("Sub", "d", "x", "mean"))
                .addNode(node("ReduceMax", "c", List.of("x"), axes(1)))
                .addNode(TestModels.node("Mul", "z", "c", "zero"))
                .addNode(TestModels.node("Add", "h", "z", "huge"))
                .addNode(node("Concat", "y", List.of("h", "d"), TestModels.integer("axis", 1)));
        return model(graph, "n", 5);
    }

    private static ModelProto aboveTen() {
        return model(
                graph(FLOAT, 4)
                        .addInitializer(floats("ten", 10))
                        .addNode(TestModels.node("Sub", "s", "x", "ten"))
                        .addNode(TestModels.node("Relu", "r", "s"))
                        .addNode(node("ReduceMax", "m", List.of("r"), axes(0)))
                        .addNode(TestModels.node("Sub", "y", "x", "m")),
                "n",
                4);
    }

    private static ModelProto fourRows() {
        return model(
                graph(FLOAT, 4)
                        .addInitializer(integer("first", 0))
                        .addInitializer(integer("four", 4))
                        .addNode(TestModels.node("Shape", "s", "x"))
                        .addNode(TestModels.node("Gather", "n0", "s", "first"))
                        .addNode(TestModels.node("GreaterOrEqual", "g", "n0", "four"))
                        .addNode(node("Cast", "f", List.of("g"), TestModels.integer("to", FLOAT)))
                        .addNode(TestModels.node("Add", "y", "x", "f")),
                "n",
                4);
    }

    private static ModelProto detections() {
        return model(
                graph(FLOAT, 4)
                        .addInitializer(integer("pairs", -1, 2))
                        .addInitializer(TensorProto.newBuilder()
                                .setName("score")
                                .setDataType(INT64)
                                .addInt64Data(0))
                        .addInitializer(floats("half", 0.5f))
                        .addNode(TestModels.node("Reshape", "c", "x", "pairs"))
                        .addNode(node("Gather", "s", List.of("c", "score"), TestModels.integer("axis", 1)))
                        .addNode(TestModels.node("Greater", "found", "s", "half"))
                        .addNode(node("Compress", "y", List.of("c", "found"), TestModels.integer("axis", 0))),
                "k",
                2);
    }
}
