package dev.kitchen.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.SparseTensorProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.kitchen.error.ModelLoadException;
import dev.kitchen.onnx.scan.OnnxFile;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Graphs that end the process, or keep it busy without end, when ONNX Runtime 1.28 loads them. */
class RefusedGraphsTest {

    private static final int INT64 = TensorProto.DataType.INT64_VALUE;
    private static final int BOOL = TensorProto.DataType.BOOL_VALUE;

    @TempDir
    private Path directory;

    private OnnxFile scan(ModelProto model) throws IOException {
        return OnnxFile.scan(TestModels.write(directory, "m", model), Long.MAX_VALUE);
    }

    private void refuses(ModelProto model, String message) {
        assertThatThrownBy(() -> scan(model))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("m.onnx")
                .hasMessageContaining(message);
    }

    private static AttributeProto graph(String name, GraphProto graph) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.GRAPH)
                .setG(graph)
                .build();
    }

    private static TensorProto initializer(String name, int type) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(type);
        return switch (type) {
            case INT64 -> tensor.addInt64Data(1).build();
            case BOOL -> tensor.addInt32Data(1).build();
            default -> tensor.addDims(1).addFloatData(1).build();
        };
    }

    private static GraphProto.Builder loopBody() {
        return GraphProto.newBuilder()
                .setName("body")
                .addInput(TestModels.tensor("i", INT64))
                .addInput(TestModels.tensor("go", BOOL))
                .addInput(TestModels.tensor("state", TestModels.FLOAT, 1))
                .addNode(TestModels.node("Identity", "goOn", "go"))
                .addNode(TestModels.node("Add", "next", "state", "state"))
                .addOutput(TestModels.tensor("goOn", BOOL))
                .addOutput(TestModels.tensor("next", TestModels.FLOAT, 1));
    }

    private static NodeProto loop(GraphProto body) {
        return TestModels.node("Loop", "y", "count", "true", "x").toBuilder()
                .addAttribute(graph("body", body))
                .build();
    }

    private static GraphProto.Builder main() {
        return GraphProto.newBuilder()
                .setName("g")
                .addInput(TestModels.tensor("x", TestModels.FLOAT, 1))
                .addInitializer(initializer("count", INT64))
                .addInitializer(initializer("true", BOOL))
                .addOutput(TestModels.tensor("y", TestModels.FLOAT, 1));
    }

    /** ONNX Runtime's pull request 32609. */
    @ParameterizedTest
    @ValueSource(strings = {"i", "go", "state"})
    void aLoopBodysInputThatIsAlsoItsInitializerIsRefused(String input) {
        int type = input.equals("i") ? INT64 : input.equals("go") ? BOOL : TestModels.FLOAT;
        GraphProto body = loopBody().addInitializer(initializer(input, type)).build();

        refuses(TestModels.model(main().addNode(loop(body)).build()), "'" + input + "' both as an input and");
    }

    @Test
    void aSparseInitializerCountsAsOne() {
        SparseTensorProto sparse = SparseTensorProto.newBuilder()
                .setValues(initializer("state", TestModels.FLOAT))
                .setIndices(
                        TensorProto.newBuilder().setDataType(INT64).addDims(1).addInt64Data(0))
                .addDims(1)
                .build();

        refuses(
                TestModels.model(main().addNode(
                                loop(loopBody().addSparseInitializer(sparse).build()))
                        .build()),
                "'state' both as an input");
    }

    @Test
    void aScanBodysInputThatIsAlsoItsInitializerIsRefused() {
        GraphProto body = GraphProto.newBuilder()
                .setName("body")
                .addInput(TestModels.tensor("state", TestModels.FLOAT, 1))
                .addInput(TestModels.tensor("row", TestModels.FLOAT, 1))
                .addInitializer(initializer("row", TestModels.FLOAT))
                .addNode(TestModels.node("Add", "next", "state", "row"))
                .addOutput(TestModels.tensor("next", TestModels.FLOAT, 1))
                .build();
        NodeProto scan = TestModels.node("Scan", "y", "x", "rows").toBuilder()
                .addAttribute(graph("body", body))
                .addAttribute(TestModels.integer("num_scan_inputs", 1))
                .build();
        GraphProto main = main().addInput(TestModels.tensor("rows", TestModels.FLOAT, 4, 1))
                .addNode(scan)
                .build();

        refuses(TestModels.model(main), "the operator Scan 'y' whose body has 'row'");
    }

    @Test
    void suchABodyIsFoundInsideOtherGraphsAndInFunctions() {
        GraphProto body = loopBody().addInitializer(initializer("i", INT64)).build();
        GraphProto branch = GraphProto.newBuilder()
                .setName("branch")
                .addNode(loop(body))
                .addOutput(TestModels.tensor("y", TestModels.FLOAT, 1))
                .build();
        NodeProto condition = TestModels.node("If", "z", "true").toBuilder()
                .addAttribute(graph("then_branch", branch))
                .build();
        FunctionProto function = FunctionProto.newBuilder()
                .setName("F")
                .setDomain("local")
                .addNode(loop(body))
                .build();

        refuses(TestModels.model(main().addNode(condition).build()), "'i' both as an input");
        refuses(
                TestModels.model(main().build()).toBuilder()
                        .addFunctions(function)
                        .build(),
                "'i' both as an input");
    }

    @Test
    void aBodyWhoseInitializerHidesAnOuterNameIsLetThrough() throws IOException {
        GraphProto body =
                loopBody().addInitializer(initializer("x", TestModels.FLOAT)).build();

        assertThat(scan(TestModels.model(main().addNode(loop(body)).build()))
                        .graph()
                        .main()
                        .nodes())
                .hasSize(1);
    }

    private static ModelProto nested(int depth) {
        GraphProto graph = GraphProto.newBuilder()
                .addNode(TestModels.node("Add", "t0", "x", "x"))
                .addOutput(TestModels.tensor("t0", TestModels.FLOAT, 1))
                .build();
        for (int i = 1; i <= depth; i++) {
            graph = GraphProto.newBuilder()
                    .addNode(TestModels.node("If", "t" + i, "c").toBuilder()
                            .addAttribute(graph("then_branch", graph))
                            .addAttribute(graph("else_branch", graph)))
                    .addOutput(TestModels.tensor("t" + i, TestModels.FLOAT, 1))
                    .build();
            if (i == 1) {
                graph = graph.toBuilder().setName("inner").build();
            }
        }
        return TestModels.model(graph.toBuilder()
                .addInput(TestModels.tensor("x", TestModels.FLOAT, 1))
                .addInput(TestModels.tensor("c", BOOL))
                .build());
    }

    @Test
    void nestingThatTakesOnnxRuntimeTooLongIsRefused() throws IOException {
        assertThat(scan(nested(4)).graph().main().nodes()).hasSize(1);
        refuses(nested(12), "the time doubles with each level");
    }

    private static ModelProto functions(int depth, int calls) {
        ModelProto.Builder model = TestModels.model(
                        main().addNode(call(depth, "y", "x")).build())
                .toBuilder()
                .addOpsetImport(
                        OperatorSetIdProto.newBuilder().setDomain("local").setVersion(1));
        for (int i = 0; i <= depth; i++) {
            FunctionProto.Builder function = FunctionProto.newBuilder()
                    .setName("F" + i)
                    .setDomain("local")
                    .addInput("a")
                    .addOutput("c" + calls)
                    .addNode(TestModels.node("Identity", "c0", "a"));
            for (int k = 1; k <= calls; k++) {
                function.addNode(
                        i == 0 ? TestModels.node("Neg", "c" + k, "c" + (k - 1)) : call(i - 1, "c" + k, "c" + (k - 1)));
            }
            model.addFunctions(function);
        }
        return model.build();
    }

    private static NodeProto call(int function, String output, String input) {
        return TestModels.node("F" + function, output, input).toBuilder()
                .setDomain("local")
                .build();
    }

    @Test
    void functionsThatGrowWithoutEndAreRefused() throws IOException {
        assertThat(scan(functions(5, 3)).graph().functions()).hasSize(6);
        refuses(functions(20, 2), "more than 20000 replacements");
        refuses(functions(60, 1), "deeper than 32 levels");
    }

    @Test
    void aFunctionThatCallsItselfIsRefused() {
        ModelProto model = functions(0, 1).toBuilder()
                .addFunctions(FunctionProto.newBuilder()
                        .setName("Again")
                        .setDomain("local")
                        .addNode(TestModels.node("Again", "b", "a").toBuilder().setDomain("local")))
                .build();

        refuses(model, "'Again' that calls itself");
    }
}
