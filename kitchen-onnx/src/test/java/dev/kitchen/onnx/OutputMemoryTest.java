package dev.kitchen.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.kitchen.BoundCall;
import dev.kitchen.Endpoint;
import dev.kitchen.Kitchen;
import dev.kitchen.error.InferenceException;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.onnx.OnnxOptions.Api;
import dev.kitchen.predict.Prediction;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Outputs that Kitchen lets ONNX Runtime write into memory it keeps, and those for which that is impossible. */
class OutputMemoryTest {

    private static final int INT64 = TensorProto.DataType.INT64_VALUE;
    private static final int BOOL = TensorProto.DataType.BOOL_VALUE;

    @TempDir
    Path directory;

    /** How ONNX Runtime is called. */
    Api api() {
        return Api.AUTO;
    }

    private Kitchen open(GraphProto.Builder graph) throws IOException {
        Path file = TestModels.write(directory, "m", TestModels.model(graph.build()));
        return Kitchen.builder()
                .models(file)
                .backend(new OnnxBackend(OnnxOptions.builder().api(api()).build()))
                .shutdownHook(false)
                .open();
    }

    private static GraphProto.Builder graph() {
        return GraphProto.newBuilder().setName("g");
    }

    private static Tensor rows(int rows, float first) {
        float[] data = new float[rows * 4];
        for (int i = 0; i < data.length; i++) {
            data[i] = first + i;
        }
        return Tensor.of(data, rows, 4);
    }

    private static Tensor borrowed(Tensor tensor) {
        ByteBuffer memory =
                ByteBuffer.allocateDirect(Math.max(1, tensor.sizeBytes())).order(ByteOrder.nativeOrder());
        tensor.copyTo(memory);
        return Tensor.borrow(tensor.type(), memory.flip(), tensor.shape().toArray());
    }

    private static GraphProto.Builder negation(Object... declared) {
        return graph().addInput(TestModels.tensor("x", TestModels.FLOAT, "n", 4))
                .addNode(TestModels.node("Neg", "y", "x"))
                .addOutput(TestModels.tensor("y", TestModels.FLOAT, declared));
    }

    private static void requireNegated(Endpoint endpoint, Tensor x) {
        Tensor y = endpoint.predict("x", x).tensor("y");
        assertThat(y.shape()).isEqualTo(x.shape());
        assertThat(y.floatAt(y.elementCount() - 1)).isEqualTo(-x.floatAt(x.elementCount() - 1));
    }

    @Test
    void callsAfterABorrowedInputOfAnotherShapeAnswer() throws IOException {
        try (Kitchen kitchen = open(negation("n", 4))) {
            Endpoint endpoint = kitchen.endpoint("m");
            for (int round = 0; round < 3; round++) {
                requireNegated(endpoint, rows(2, round));
                requireNegated(endpoint, borrowed(rows(5, round)));
                requireNegated(endpoint, rows(2, round + 7));
                requireNegated(endpoint, borrowed(rows(2, round)));
                requireNegated(endpoint, rows(5, round));
            }
            assertThat(endpoint.statistics().get(0).failures()).isEmpty();
        }
    }

    @Test
    void callsAfterABatchTooLargeToKeepAnswer() throws IOException {
        int large = (4 << 20) / 16 + 1; // tensors of up to 4 MiB are kept from run to run
        GraphProto.Builder sums = graph().addInput(TestModels.tensor("x", TestModels.FLOAT, "n", 4))
                .addNode(TestModels.node("ReduceMean", "y", "x").toBuilder().addAttribute(ints("axes", 1)))
                .addOutput(TestModels.tensor("y", TestModels.FLOAT, "n", 1));
        try (Kitchen kitchen = open(sums)) {
            Endpoint endpoint = kitchen.endpoint("m");
            for (int rows : new int[] {1, 1, large, 1, 1, 2, large, 2, 1}) {
                Tensor y = endpoint.predict("x", rows(rows, 1)).tensor("y");
                assertThat(y.shape()).isEqualTo(Shape.of(rows, 1));
                assertThat(y.floatAt(0)).isEqualTo(2.5f);
            }
        }
    }

    /** As InsightFace's face recognition declares {1,512} for any number of faces. */
    @Test
    void anOutputDeclaredForOneRowAnswersForAnyNumberOfRows() throws IOException {
        try (Kitchen kitchen = open(negation(1, 4))) {
            Endpoint endpoint = kitchen.endpoint("m");
            for (int rows : new int[] {1, 3, 1, 6, 2, 1, 0}) {
                assertThat(endpoint.predict("x", rows(rows, 1)).tensor("y").shape())
                        .isEqualTo(Shape.of(rows, 4));
            }
        }
    }

    @Test
    void anOutputDeclaredWithAnotherRankAnswers() throws IOException {
        try (Kitchen kitchen = open(negation(4))) {
            requireNegated(kitchen.endpoint("m"), rows(1, 1));
            requireNegated(kitchen.endpoint("m"), rows(3, 1));
        }
    }

    /** As an exporter that traced one shape declares it, and an empty batch is asked. */
    @Test
    void aLinearLayerWithStaticOutputAnswersAnEmptyBatch() throws IOException {
        GraphProto.Builder linear = graph().addInput(TestModels.tensor("x", TestModels.FLOAT, 1, "boxes", 4))
                .addInitializer(TestModels.randomMatrix("w", 4, 3, 1))
                .addNode(TestModels.node("MatMul", "y", "x", "w"))
                .addOutput(TestModels.tensor("y", TestModels.FLOAT, 1, 19, 3));
        try (Kitchen kitchen = open(linear)) {
            for (int boxes : new int[] {19, 0, 5, 0, 19}) {
                Tensor y = kitchen.endpoint("m")
                        .predict("x", Tensor.of(new float[boxes * 4], 1, boxes, 4))
                        .tensor("y");
                assertThat(y.shape()).isEqualTo(Shape.of(1, boxes, 3));
            }
        }
    }

    @Test
    void inputsThatShareASymbolAndBroadcastAnswer() throws IOException {
        GraphProto.Builder sum = graph().addInput(TestModels.tensor("a", TestModels.FLOAT, "n"))
                .addInput(TestModels.tensor("b", TestModels.FLOAT, "n"))
                .addNode(TestModels.node("Add", "y", "a", "b"))
                .addOutput(TestModels.tensor("y", TestModels.FLOAT, "n"));
        try (Kitchen kitchen = open(sum)) {
            Endpoint endpoint = kitchen.endpoint("m");
            Tensor one = Tensor.of(new float[] {1}, 1);
            Tensor three = Tensor.of(new float[] {1, 2, 3}, 3);
            for (int i = 0; i < 2; i++) {
                assertThat(floats(endpoint.predict(Map.of("a", one, "b", three)), "y"))
                        .containsExactly(2, 3, 4);
                assertThat(floats(endpoint.predict(Map.of("a", three, "b", one)), "y"))
                        .containsExactly(2, 3, 4);
                assertThat(floats(endpoint.predict(Map.of("a", one, "b", one)), "y"))
                        .containsExactly(2);
            }
        }
    }

    private static float[] floats(Prediction prediction, String output) {
        return prediction.tensor(output).toFloatArray();
    }

    private static GraphProto.Builder compress() {
        return graph().addInput(TestModels.tensor("x", TestModels.FLOAT, "n", 4))
                .addInput(TestModels.tensor("keep", BOOL, "n"))
                .addNode(TestModels.node("Compress", "y", "x", "keep").toBuilder()
                        .addAttribute(TestModels.integer("axis", 0)))
                .addNode(TestModels.node("Neg", "z", "x"))
                .addOutput(TestModels.tensor("y", TestModels.FLOAT, "n", 4))
                .addOutput(TestModels.tensor("z", TestModels.FLOAT, "n", 4));
    }

    @Test
    void anOutputWhoseShapeHangsOnValuesAnswersWhateverTheyAre() throws IOException {
        try (Kitchen kitchen = open(compress())) {
            for (boolean[] keep : new boolean[][] {{true, true}, {true, false}, {false, false}, {true, true}}) {
                Prediction prediction =
                        kitchen.endpoint("m").predict(Map.of("x", rows(2, 1), "keep", Tensor.of(keep, 2)));
                int kept = (keep[0] ? 1 : 0) + (keep[1] ? 1 : 0);
                assertThat(prediction.tensor("y").shape()).isEqualTo(Shape.of(kept, 4));
                assertThat(floats(prediction, "z")).startsWith(-1, -2, -3);
            }
        }
    }

    @Test
    void aBoundCallNamesTheShapeThatDoesNotFitAndAnswersWhereItDoes() throws IOException {
        try (Kitchen kitchen = open(compress());
                BoundCall call = kitchen.endpoint("m").bind(2)) {
            rows(2, 1).copyTo(call.input("x"));
            keep(call, 1, 0);

            assertThatThrownBy(call::run)
                    .isInstanceOf(InferenceException.class)
                    .hasMessageContaining("output 'y' has shape [1, 4]")
                    .hasMessageContaining("[2, 4]");

            keep(call, 1, 1);
            call.run();
            assertThat(call.output("y").getFloat(16)).isEqualTo(5);
            assertThat(call.output("z").getFloat(16)).isEqualTo(-5);
            assertThat(((Tensor) call.value("y")).shape()).isEqualTo(Shape.of(2, 4));
        }
    }

    private static void keep(BoundCall call, int first, int second) {
        call.input("keep").put(0, (byte) first).put(1, (byte) second);
    }

    @Test
    void aFailedBoundCallDoesNotSpoilTheNext() throws IOException {
        GraphProto.Builder gather = graph().addInput(TestModels.tensor("x", TestModels.FLOAT, "n", 4))
                .addInput(TestModels.tensor("i", INT64, "k"))
                .addNode(TestModels.node("Gather", "y", "x", "i"))
                .addOutput(TestModels.tensor("y", TestModels.FLOAT, "k", 4));
        try (Kitchen kitchen = open(gather);
                BoundCall call = kitchen.endpoint("m").bind(2)) {
            rows(2, 1).copyTo(call.input("x"));
            for (int round = 0; round < 3; round++) {
                call.input("i").putLong(0, 9);
                assertThatThrownBy(call::run).hasMessageContaining("Gather");
                call.input("i").putLong(0, 1);
                call.run();
                assertThat(call.output("y").getFloat(0)).isEqualTo(5);
            }
        }
    }

    @Test
    void anInvalidRequestIsReportedAsSuchAndDoesNotSpoilTheNext() throws IOException {
        GraphProto.Builder gather = graph().addInput(TestModels.tensor("x", TestModels.FLOAT, "n", 4))
                .addInput(TestModels.tensor("i", INT64, "k"))
                .addNode(TestModels.node("Gather", "y", "x", "i"))
                .addOutput(TestModels.tensor("y", TestModels.FLOAT, "k", 4));
        try (Kitchen kitchen = open(gather)) {
            Endpoint endpoint = kitchen.endpoint("m");
            for (int round = 0; round < 3; round++) {
                assertThatThrownBy(() -> endpoint.predict(Map.of("x", rows(2, 1), "i", Tensor.of(new long[] {9}, 1))))
                        .isInstanceOf(InvalidRequestException.class)
                        .hasMessageContaining("indices element out of data bounds");
                assertThat(floats(endpoint.predict(Map.of("x", rows(2, 1), "i", Tensor.of(new long[] {1}, 1))), "y"))
                        .containsExactly(5, 6, 7, 8);
            }
        }
    }

    @Test
    void anOutputThatIsAnInputAnswersTheInput() throws IOException {
        GraphProto.Builder scores = graph().addInput(TestModels.tensor("id", INT64, "n"))
                .addInput(TestModels.tensor("x", TestModels.FLOAT, "n", 4))
                .addNode(TestModels.node("Neg", "y", "x"))
                .addOutput(TestModels.tensor("id", INT64, "n"))
                .addOutput(TestModels.tensor("y", TestModels.FLOAT, "n", 4));
        try (Kitchen kitchen = open(scores)) {
            Endpoint endpoint = kitchen.endpoint("m");
            for (long id = 40; id < 44; id++) {
                Map<String, Value> inputs = Map.of("id", Tensor.of(new long[] {id}, 1), "x", rows(1, (float) id));
                assertThat(endpoint.predict(inputs).tensor("id").toLongArray()).containsExactly(id);
                assertThat(endpoint.predictAsync(inputs).join().tensor("id").toLongArray())
                        .containsExactly(id);
            }
            try (BoundCall call = endpoint.bind(1)) {
                for (long id = 50; id < 53; id++) {
                    call.input("id").putLong(0, id);
                    call.input("x").putFloat(0, (float) id);
                    call.run();
                    assertThat(call.output("id").getLong(0)).isEqualTo(id);
                    assertThat(call.output("y").getFloat(0)).isEqualTo((float) -id);
                }
            }
        }
    }

    @Test
    void anOutputThatIsAnInitializerAnswersItsValueOrWhatOverridesIt() throws IOException {
        GraphProto.Builder sum = graph().addInput(TestModels.tensor("x", TestModels.FLOAT, 2))
                .addInput(TestModels.tensor("w", TestModels.FLOAT, 2))
                .addInitializer(floats("w", 7, 8))
                .addInitializer(floats("fixed", 3, 4))
                .addNode(TestModels.node("Add", "y", "x", "w"))
                .addOutput(TestModels.tensor("y", TestModels.FLOAT, 2))
                .addOutput(TestModels.tensor("w", TestModels.FLOAT, 2))
                .addOutput(TestModels.tensor("fixed", TestModels.FLOAT, 2));
        try (Kitchen kitchen = open(sum)) {
            Endpoint endpoint = kitchen.endpoint("m");
            Tensor x = Tensor.of(new float[] {1, 1}, 2);
            for (int i = 0; i < 3; i++) {
                Prediction plain = endpoint.predict("x", x);
                assertThat(floats(plain, "w")).containsExactly(7, 8);
                assertThat(floats(plain, "y")).containsExactly(8, 9);
                Prediction overridden = endpoint.predict(Map.of("x", x, "w", Tensor.of(new float[] {i, -i}, 2)));
                assertThat(floats(overridden, "w")).containsExactly(i, -i);
                assertThat(floats(overridden, "y")).containsExactly(1 + i, 1 - i);
                assertThat(floats(overridden, "fixed")).containsExactly(3, 4);
            }
            try (BoundCall call = endpoint.bind(Map.of("x", Shape.of(2), "w", Shape.of(2)))) {
                call.input("w").putFloat(0, 5).putFloat(4, 6);
                call.run();
                assertThat(call.output("w").getFloat(4)).isEqualTo(6);
                assertThat(call.output("fixed").getFloat(4)).isEqualTo(4);
            }
        }
    }

    private static TensorProto floats(String name, float... values) {
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setName(name)
                .setDataType(TestModels.FLOAT)
                .addDims(values.length);
        for (float value : values) {
            tensor.addFloatData(value);
        }
        return tensor.build();
    }

    private static AttributeProto ints(String name, long... values) {
        AttributeProto.Builder attribute =
                AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
        for (long value : values) {
            attribute.addInts(value);
        }
        return attribute.build();
    }

    private static AttributeProto subgraph(String name, GraphProto.Builder graph) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.GRAPH)
                .setG(graph)
                .build();
    }

    @Test
    void branchesOfAnIfThatPassOnOuterValuesOrConstantsAnswer() throws IOException {
        GraphProto.Builder passes = graph().addNode(TestModels.node("Identity", "passed", "x"))
                .addOutput(TestModels.tensor("passed", TestModels.FLOAT, 2));
        GraphProto.Builder constant = graph().addInitializer(floats("constant", 7, 8))
                .addOutput(TestModels.tensor("constant", TestModels.FLOAT, 2));
        NodeProto.Builder choice = TestModels.node("If", "y", "c").toBuilder()
                .addAttribute(subgraph("then_branch", passes))
                .addAttribute(subgraph("else_branch", constant));
        GraphProto.Builder model = graph().addInput(TestModels.tensor("x", TestModels.FLOAT, 2))
                .addInput(TestModels.tensor("c", BOOL))
                .addNode(choice)
                .addOutput(TestModels.tensor("y", TestModels.FLOAT, 2));
        try (Kitchen kitchen = open(model);
                BoundCall call = kitchen.endpoint("m").bind()) {
            for (int i = 0; i < 6; i++) {
                boolean condition = i % 3 != 0;
                float[] expected = condition ? new float[] {i, -i} : new float[] {7, 8};
                Tensor x = Tensor.of(new float[] {i, -i}, 2);
                assertThat(floats(
                                kitchen.endpoint("m")
                                        .predict(Map.of("x", x, "c", Tensor.of(new boolean[] {condition}))),
                                "y"))
                        .containsExactly(expected);
                x.copyTo(call.input("x").clear());
                call.input("c").put(0, (byte) (condition ? 1 : 0));
                call.run();
                assertThat(((Tensor) call.value("y")).toFloatArray()).containsExactly(expected);
            }
        }
    }

    @Test
    void aLoopThatPassesItsStateAnswersIt() throws IOException {
        GraphProto.Builder body = graph().addInput(TestModels.tensor("i", INT64))
                .addInput(TestModels.tensor("go", BOOL))
                .addInput(TestModels.tensor("state", TestModels.FLOAT, 2))
                .addNode(TestModels.node("Identity", "goes", "go"))
                .addNode(TestModels.node("Identity", "same", "state"))
                .addOutput(TestModels.tensor("goes", BOOL))
                .addOutput(TestModels.tensor("same", TestModels.FLOAT, 2));
        GraphProto.Builder model = graph().addInput(TestModels.tensor("x", TestModels.FLOAT, 2))
                .addInput(TestModels.tensor("n", INT64))
                .addInitializer(
                        TensorProto.newBuilder().setName("t").setDataType(BOOL).addInt32Data(1))
                .addNode(TestModels.node("Loop", "y", "n", "t", "x").toBuilder().addAttribute(subgraph("body", body)))
                .addOutput(TestModels.tensor("y", TestModels.FLOAT, 2));
        try (Kitchen kitchen = open(model);
                BoundCall call = kitchen.endpoint("m").bind()) {
            for (int i = 0; i < 8; i++) {
                Tensor x = Tensor.of(new float[] {i, -i}, 2);
                Tensor turns = Tensor.of(new long[] {i % 3});
                assertThat(floats(kitchen.endpoint("m").predict(Map.of("x", x, "n", turns)), "y"))
                        .containsExactly(i, -i);
                x.copyTo(call.input("x").clear());
                call.input("n").putLong(0, i % 3);
                call.run();
                assertThat(((Tensor) call.value("y")).toFloatArray()).containsExactly(i, -i);
            }
        }
    }

    @Test
    void copiesAndViewsOfAnInputAnswer() throws IOException {
        GraphProto.Builder views = graph().addInput(TestModels.tensor("x", TestModels.FLOAT, "n", 4))
                .addInitializer(TensorProto.newBuilder()
                        .setName("flat")
                        .setDataType(INT64)
                        .addDims(1)
                        .addInt64Data(-1))
                .addNode(TestModels.node("Identity", "same", "x"))
                .addNode(TestModels.node("Reshape", "view", "x", "flat"))
                .addNode(TestModels.node("Identity", "again", "same"))
                .addOutput(TestModels.tensor("same", TestModels.FLOAT, "n", 4))
                .addOutput(TestModels.tensor("view", TestModels.FLOAT, "m"))
                .addOutput(TestModels.tensor("again", TestModels.FLOAT, "n", 4));
        try (Kitchen kitchen = open(views)) {
            for (int rows : new int[] {1, 2, 2, 1, 0, 3}) {
                Tensor x = rows(rows, rows);
                Prediction prediction = kitchen.endpoint("m").predict("x", x);
                assertThat(prediction.tensor("same")).isEqualTo(x);
                assertThat(prediction.tensor("again")).isEqualTo(x);
                assertThat(floats(prediction, "view")).containsExactly(x.toFloatArray());
            }
        }
    }

    @Test
    void anOutputThatWouldTakeTooMuchMemoryIsRefused() throws IOException {
        GraphProto.Builder zeros = graph().addInput(TestModels.tensor("shape", INT64, "rank"))
                .addNode(TestModels.node("ConstantOfShape", "y", "shape"))
                .addOutput(TestModels.tensor("y", TestModels.FLOAT, "n"));
        Path file = TestModels.write(directory, "m", TestModels.model(zeros.build()));
        OnnxOptions options =
                OnnxOptions.of(Map.of("max-output-elements", "1000", "max-input-elements", "3")).toBuilder()
                        .api(api())
                        .build();
        try (Kitchen kitchen = Kitchen.builder()
                .models(file)
                .backend(new OnnxBackend(options))
                .shutdownHook(false)
                .open()) {
            Endpoint endpoint = kitchen.endpoint("m");
            assertThat(endpoint.predict("shape", Tensor.of(new long[] {1000}, 1))
                            .tensor("y")
                            .elementCount())
                    .isEqualTo(1000);
            assertThatThrownBy(() -> endpoint.predict("shape", Tensor.of(new long[] {1001}, 1)))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("1001")
                    .hasMessageContaining("expected at most 1000")
                    .hasMessageContaining("max-output-elements");
            assertThatThrownBy(() -> endpoint.predict("shape", Tensor.of(new long[4], 4)))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("input 'shape' has 4 elements, expected at most 3")
                    .hasMessageContaining("max-input-elements");
        }
    }

    @Test
    void anOutputWhoseShapeIsKnownBeforehandIsRefusedBeforeTheRun() throws IOException {
        Path file = TestModels.write(
                directory, "m", TestModels.model(negation("n", 4).build()));
        OnnxOptions options =
                OnnxOptions.builder().maxOutputElements(8).api(api()).build();
        try (Kitchen kitchen = Kitchen.builder()
                .models(file)
                .backend(new OnnxBackend(options))
                .shutdownHook(false)
                .open()) {
            Endpoint endpoint = kitchen.endpoint("m");
            requireNegated(endpoint, rows(2, 1));
            assertThatThrownBy(() -> endpoint.predict("x", rows(3, 1)))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("output 'y' has shape [3, 4]");
            assertThatThrownBy(() -> endpoint.bind(3))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("output 'y' has shape [3, 4]");
            requireNegated(endpoint, rows(2, 1));
        }
    }

    @Test
    void anOutputThatTurnsOutTooLargeIsRefusedAfterTheRun() throws IOException {
        GraphProto squares = GraphProto.newBuilder()
                .setName("squares")
                .addInput(TestModels.tensor("x", TensorProto.DataType.FLOAT_VALUE, "n", 4))
                .addNode(TestModels.node("Transpose", "t", "x"))
                .addNode(TestModels.node("MatMul", "y", "x", "t"))
                .addOutput(TestModels.tensor("y", TensorProto.DataType.FLOAT_VALUE, "p", "q"))
                .build();
        Path file = TestModels.write(directory, "m", TestModels.model(squares));
        OnnxOptions options =
                OnnxOptions.builder().maxOutputElements(8).api(api()).build();
        try (Kitchen kitchen = Kitchen.builder()
                .models(file)
                .backend(new OnnxBackend(options))
                .shutdownHook(false)
                .open()) {
            Endpoint endpoint = kitchen.endpoint("m");
            for (int i = 0; i < 3; i++) {
                assertThat(endpoint.predict("x", rows(2, 1)).tensor("y").elementCount())
                        .isEqualTo(4);
                assertThatThrownBy(() -> endpoint.predict("x", rows(3, 1)))
                        .isInstanceOf(InvalidRequestException.class)
                        .hasMessageContaining("output 'y' has shape [3, 3], which is 9 elements, expected at most 8")
                        .hasMessageContaining("max-output-elements");
            }
        }
    }
}
