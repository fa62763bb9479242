package dev.kitchen.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import dev.kitchen.error.ModelLoadException;
import dev.kitchen.onnx.graph.Attribute;
import dev.kitchen.onnx.graph.Dimension;
import dev.kitchen.onnx.graph.ElementType;
import dev.kitchen.onnx.graph.Graph;
import dev.kitchen.onnx.graph.LocalFunction;
import dev.kitchen.onnx.graph.ModelGraph;
import dev.kitchen.onnx.graph.Node;
import dev.kitchen.onnx.graph.Scope;
import dev.kitchen.onnx.graph.TensorInfo;
import dev.kitchen.onnx.graph.TensorValues;
import dev.kitchen.onnx.graph.ValueType;
import dev.kitchen.onnx.scan.OnnxFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the scan of a file keeps of its graph. */
class ParsedGraphTest {

    @TempDir
    private Path directory;

    private ModelGraph parsed(ModelProto model) throws IOException {
        return OnnxFile.scan(TestModels.write(directory, "m", model), Long.MAX_VALUE)
                .graph();
    }

    private static GraphProto.Builder graph() {
        return GraphProto.newBuilder()
                .setName("g")
                .addInput(TestModels.tensor("x", TestModels.FLOAT, "batch", 4))
                .addOutput(TestModels.tensor("y", TestModels.FLOAT, "batch", 4));
    }

    @Test
    void nodesHaveTheirNamesAndAttributesInTheFilesOrder() throws IOException {
        NodeProto node = TestModels.node("Conv", "y", "x", "", "b").toBuilder()
                .setDomain("ai.onnx")
                .setName("first")
                .addAttribute(TestModels.integer("group", 3))
                .addAttribute(AttributeProto.newBuilder()
                        .setName("pads")
                        .setType(AttributeProto.AttributeType.INTS)
                        .addAllInts(List.of(1L, -2L)))
                .addAttribute(AttributeProto.newBuilder()
                        .setName("alpha")
                        .setType(AttributeProto.AttributeType.FLOAT)
                        .setF(0.5f))
                .addAttribute(AttributeProto.newBuilder()
                        .setName("mode")
                        .setType(AttributeProto.AttributeType.STRING)
                        .setS(ByteString.copyFromUtf8("same")))
                .build();
        NodeProto other = TestModels.node("Scaler", "z", "y").toBuilder()
                .setDomain("ai.onnx.ml")
                .build();

        ModelGraph model =
                parsed(TestModels.model(graph().addNode(node).addNode(other).build()));

        Graph main = model.main();
        assertThat(main.nodes()).extracting(Node::qualifiedOperator).containsExactly("Conv", "ai.onnx.ml.Scaler");
        Node conv = main.nodes().get(0);
        assertThat(conv.name()).isEqualTo("first");
        assertThat(conv.inputs()).containsExactly("x", "", "b");
        assertThat(conv.outputs()).containsExactly("y");
        assertThat(conv.integer("group", 1)).isEqualTo(3);
        assertThat(conv.integer("none", 7)).isEqualTo(7);
        assertThat(conv.attribute("pads").flatMap(Attribute::integers)).contains(List.of(1L, -2L));
        assertThat(conv.attribute("alpha").flatMap(Attribute::real)).contains(0.5f);
        assertThat(conv.attribute("mode").flatMap(Attribute::text)).contains("same");
        assertThat(model.opsets()).containsEntry("", 17L);
    }

    @Test
    void valuesHaveTheirDeclaredTypes() throws IOException {
        ValueInfoProto sequence = ValueInfoProto.newBuilder()
                .setName("s")
                .setType(TypeProto.newBuilder()
                        .setSequenceType(TypeProto.Sequence.newBuilder()
                                .setElemType(TestModels.tensor("", TestModels.FLOAT, 2)
                                        .getType())))
                .build();
        ValueInfoProto rankless = ValueInfoProto.newBuilder()
                .setName("r")
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder().setElemType(22)))
                .build();

        Graph main = parsed(TestModels.model(graph().addInput(sequence)
                        .addInput(rankless)
                        .addValueInfo(TestModels.tensor("v", TestModels.FLOAT, 1, "n"))
                        .build()))
                .main();

        assertThat(main.inputs().get(0).dimensions())
                .contains(List.of(new Dimension(-1, "batch"), new Dimension(4, "")));
        assertThat(main.inputs().get(1).type()).isInstanceOf(ValueType.SequenceOf.class);
        assertThat(main.inputs().get(2).elementType()).isEqualTo(ElementType.INT4);
        assertThat(main.inputs().get(2).dimensions()).isEmpty();
        assertThat(main.values().get("v").dimensions()).contains(List.of(new Dimension(1, ""), new Dimension(-1, "n")));
    }

    @Test
    void smallInitializersAndConstantsHaveTheirValues() throws IOException {
        ByteBuffer halves = ByteBuffer.allocate(6).order(ByteOrder.LITTLE_ENDIAN);
        halves.putShort((short) 0x3c00).putShort((short) 0xc500).putShort((short) 1);
        GraphProto.Builder graph = graph().addInitializer(tensor("longs", TensorProto.DataType.INT64, 2)
                        .addInt64Data(5)
                        .addInt64Data(-6))
                .addInitializer(tensor("bytes", TensorProto.DataType.UINT8, 2).setRawData(bytes(200, 7)))
                .addInitializer(tensor("signed", TensorProto.DataType.INT8, 2)
                        .addInt32Data(-1)
                        .addInt32Data(255))
                .addInitializer(tensor("bools", TensorProto.DataType.BOOL, 2).setRawData(bytes(0, 1)))
                .addInitializer(tensor("halves", TensorProto.DataType.FLOAT16, 3)
                        .setRawData(ByteString.copyFrom(halves.array())))
                .addInitializer(tensor("floats", TensorProto.DataType.FLOAT, 1).addFloatData(2.5f))
                .addInitializer(tensor("none", TensorProto.DataType.FLOAT, 0))
                .addInitializer(tensor("many", TensorProto.DataType.UINT8, 1025)
                        .setRawData(ByteString.copyFrom(new byte[1025])))
                .addNode(TestModels.node("Constant", "c").toBuilder().addAttribute(TestModels.integer("value_int", 9)))
                .addNode(TestModels.node("Constant", "d").toBuilder()
                        .addAttribute(AttributeProto.newBuilder()
                                .setName("value")
                                .setType(AttributeProto.AttributeType.TENSOR)
                                .setT(tensor("", TensorProto.DataType.DOUBLE, 1).addDoubleData(0.1))));

        Scope scope = parsed(TestModels.model(graph.build())).scope();

        assertThat(values(scope, "longs")).contains(TensorValues.ofIntegers(5, -6));
        assertThat(values(scope, "bytes")).contains(TensorValues.ofIntegers(200, 7));
        assertThat(values(scope, "signed")).contains(TensorValues.ofIntegers(-1, -1));
        assertThat(values(scope, "bools")).contains(TensorValues.ofIntegers(0, 1));
        assertThat(values(scope, "halves")).contains(TensorValues.ofFloats(1, -5, 0x1p-24));
        assertThat(values(scope, "floats")).contains(TensorValues.ofFloats(2.5));
        assertThat(values(scope, "none").orElseThrow().count()).isZero();
        assertThat(values(scope, "many")).isEmpty();
        assertThat(values(scope, "c")).contains(TensorValues.ofIntegers(9));
        assertThat(values(scope, "d")).contains(TensorValues.ofFloats(0.1));
        assertThat(values(scope, "x")).isEmpty();
    }

    private static Optional<TensorValues> values(Scope scope, String name) {
        return scope.constant(name).flatMap(TensorInfo::values);
    }

    static TensorProto.Builder tensor(String name, TensorProto.DataType type, long... dimensions) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(type.getNumber());
        for (long dimension : dimensions) {
            tensor.addDims(dimension);
        }
        return tensor;
    }

    private static ByteString bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return ByteString.copyFrom(bytes);
    }

    @Test
    void anInitializerThatCallersMayOverrideIsNoConstant() throws IOException {
        GraphProto graph = graph().addInput(TestModels.tensor("k", TensorProto.DataType.INT64_VALUE, 1))
                .addInitializer(tensor("k", TensorProto.DataType.INT64, 1).addInt64Data(1))
                .build();

        assertThat(parsed(TestModels.model(graph)).scope().constant("k")).isEmpty();
        assertThat(parsed(TestModels.model(graph).toBuilder().setIrVersion(3).build())
                        .scope()
                        .constant("k"))
                .isPresent();
    }

    @Test
    void nestedGraphsSeeOuterNamesAndHideThemWithTheirOwn() throws IOException {
        GraphProto inner = GraphProto.newBuilder()
                .addInitializer(tensor("b", TensorProto.DataType.INT64, 1).addInt64Data(2))
                .addNode(TestModels.node("Add", "z", "a", "b"))
                .addOutput(TestModels.tensor("z", TestModels.FLOAT, 1))
                .build();
        GraphProto graph = graph().addInitializer(
                        tensor("a", TensorProto.DataType.INT64, 1).addInt64Data(1))
                .addInitializer(tensor("b", TensorProto.DataType.INT64, 1).addInt64Data(1))
                .addNode(TestModels.node("If", "y", "c").toBuilder()
                        .addAttribute(AttributeProto.newBuilder()
                                .setName("then_branch")
                                .setType(AttributeProto.AttributeType.GRAPH)
                                .setG(inner)))
                .build();

        Scope main = parsed(TestModels.model(graph)).scope();
        Graph branch = main.graph().nodes().get(0).subgraphs().get(0);
        Scope scope = main.inner(branch);

        assertThat(scope.isNested()).isTrue();
        assertThat(values(scope, "a")).contains(TensorValues.ofIntegers(1));
        assertThat(values(scope, "b")).contains(TensorValues.ofIntegers(2));
        assertThat(scope.producer("z")).map(Node::operator).contains("Add");
        assertThat(scope.isInput("x")).isTrue();
        assertThat(main.producer("z")).isEmpty();
    }

    @Test
    void functionsHaveTheirNodesAndOpsets() throws IOException {
        FunctionProto function = FunctionProto.newBuilder()
                .setName("Twice")
                .setDomain("mine")
                .addInput("a")
                .addOutput("b")
                .addAttribute("alpha")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13))
                .addNode(TestModels.node("Add", "b", "a", "a"))
                .build();
        ModelProto model = TestModels.model(graph().addNode(
                                TestModels.node("Twice", "y", "x").toBuilder().setDomain("mine"))
                        .build())
                .toBuilder()
                .addFunctions(function)
                .build();

        ModelGraph parsed = parsed(model);

        LocalFunction twice = parsed.functions().get(0);
        assertThat(twice.isCalledBy(parsed.main().nodes().get(0))).isTrue();
        assertThat(twice.inputs()).containsExactly("a");
        assertThat(twice.outputs()).containsExactly("b");
        assertThat(twice.attributes()).containsExactly("alpha");
        assertThat(twice.opsets()).containsEntry("", 13L);
        assertThat(twice.nodes()).extracting(Node::operator).containsExactly("Add");
    }

    @Test
    void realModelsAreReadAsProtobufReadsThem() throws IOException {
        try (Stream<Path> files = Files.walk(SharedCases.directory("onnx"))) {
            List<Path> models =
                    files.filter(file -> file.toString().endsWith(".onnx")).toList();
            assertThat(models).hasSizeGreaterThan(10);
            for (Path model : models) {
                GraphProto expected =
                        ModelProto.parseFrom(Files.readAllBytes(model)).getGraph();
                Graph actual = OnnxFile.scan(model, Long.MAX_VALUE).graph().main();
                assertThat(actual.nodes())
                        .as("%s", model)
                        .extracting(node -> node.inputs() + node.operator() + node.outputs())
                        .isEqualTo(expected.getNodeList().stream()
                                .map(node -> node.getInputList() + node.getOpType() + node.getOutputList())
                                .toList());
                assertThat(actual.initializers().keySet())
                        .containsExactlyInAnyOrderElementsOf(expected.getInitializerList().stream()
                                .map(TensorProto::getName)
                                .toList());
            }
        }
    }

    @Test
    void aFileWhoseGraphWouldFillTheMemoryIsRefused() throws IOException {
        byte[] nodes = new byte[2 * 500_100];
        for (int i = 0; i < nodes.length; i += 2) {
            nodes[i] = 1 << 3 | 2;
        }
        ByteString main = graph().build().toByteString().concat(ByteString.copyFrom(nodes));
        ByteString rest = TestModels.model(graph().build()).toBuilder()
                .clearGraph()
                .build()
                .toByteString();
        com.google.protobuf.UnknownFieldSet field = com.google.protobuf.UnknownFieldSet.newBuilder()
                .addField(
                        7,
                        com.google.protobuf.UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(main)
                                .build())
                .build();
        Path file = Files.write(
                directory.resolve("many.onnx"),
                rest.concat(field.toByteString()).toByteArray());

        assertThatThrownBy(() -> OnnxFile.scan(file, Long.MAX_VALUE))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("many.onnx")
                .hasMessageContaining("more than 500000 nodes");
    }
}
