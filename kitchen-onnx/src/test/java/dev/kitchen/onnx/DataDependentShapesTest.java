package dev.kitchen.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OrtException;
import dev.kitchen.BoundCall;
import dev.kitchen.Endpoint;
import dev.kitchen.Kitchen;
import dev.kitchen.error.InferenceException;
import dev.kitchen.onnx.OnnxOptions.Api;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Models whose operator computes an output's shape from the values of its inputs, while the model declares the shape that
 * one example had, as the models of ONNX's node suite do. Every input is answered as ONNX Runtime answers it.
 */
class DataDependentShapesTest {

    private static final int FLOAT = TestModels.FLOAT;
    private static final int INT64 = TensorProto.DataType.INT64_VALUE;

    @TempDir
    Path directory;

    /** How ONNX Runtime is called. */
    Api api() {
        return Api.AUTO;
    }

    private static GraphProto.Builder graph() {
        return GraphProto.newBuilder().setName("g");
    }

    private static Map<String, Value> inputs(Object... namesAndValues) {
        Map<String, Value> inputs = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            inputs.put((String) namesAndValues[i], (Value) namesAndValues[i + 1]);
        }
        return inputs;
    }

    @Test
    void oneHotAnswersAnyDepth() throws IOException, OrtException {
        GraphProto.Builder graph = graph().addInput(TestModels.tensor("indices", INT64, 2))
                .addInput(TestModels.tensor("depth", INT64, 1))
                .addInput(TestModels.tensor("values", FLOAT, 2))
                .addNode(TestModels.node("OneHot", "y", "indices", "depth", "values"))
                .addOutput(TestModels.tensor("y", FLOAT, 2, 3));
        requireAnswersOfOnnxRuntime(graph, List.of(oneHot(3), oneHot(5), oneHot(2), oneHot(3)));
    }

    private static Map<String, Value> oneHot(long depth) {
        return inputs(
                "indices", Tensor.of(new long[] {0, 1}, 2),
                "depth", Tensor.of(new long[] {depth}, 1),
                "values", Tensor.of(new float[] {-1, 7}, 2));
    }

    @Test
    void resizeAnswersAnySize() throws IOException, OrtException {
        GraphProto.Builder graph = graph().addInput(TestModels.tensor("x", FLOAT, 1, 1, 2, 2))
                .addInput(TestModels.tensor("sizes", INT64, 4))
                .addNode(TestModels.node("Resize", "y", "x", "", "", "sizes"))
                .addOutput(TestModels.tensor("y", FLOAT, 1, 1, 4, 4));
        requireAnswersOfOnnxRuntime(graph, List.of(resize(4, 4), resize(3, 5), resize(1, 1), resize(4, 4)));
    }

    private static Map<String, Value> resize(long height, long width) {
        return inputs(
                "x", Tensor.of(new float[] {1, 2, 3, 4}, 1, 1, 2, 2),
                "sizes", Tensor.of(new long[] {1, 1, height, width}, 4));
    }

    @Test
    void nonMaxSuppressionAnswersAnyNumberOfBoxes() throws IOException, OrtException {
        GraphProto.Builder graph = graph().addInput(TestModels.tensor("boxes", FLOAT, 1, 3, 4))
                .addInput(TestModels.tensor("scores", FLOAT, 1, 1, 3))
                .addInput(TestModels.tensor("most", INT64, 1))
                .addInput(TestModels.tensor("overlap", FLOAT, 1))
                .addInput(TestModels.tensor("least", FLOAT, 1))
                .addNode(TestModels.node("NonMaxSuppression", "y", "boxes", "scores", "most", "overlap", "least"))
                .addOutput(TestModels.tensor("y", INT64, 2, 3));
        requireAnswersOfOnnxRuntime(graph, List.of(boxes(0.5f), boxes(0.1f), boxes(0.8f), boxes(0.95f), boxes(0.5f)));
    }

    private static Map<String, Value> boxes(float least) {
        return inputs(
                "boxes", Tensor.of(new float[] {0, 0, 1, 1, 5, 5, 6, 6, 9, 9, 10, 10}, 1, 3, 4),
                "scores", Tensor.of(new float[] {0.9f, 0.7f, 0.3f}, 1, 1, 3),
                "most", Tensor.of(new long[] {9}, 1),
                "overlap", Tensor.of(new float[] {0.5f}, 1),
                "least", Tensor.of(new float[] {least}, 1));
    }

    @Test
    void uniqueAnswersAnyNumberOfValues() throws IOException, OrtException {
        NodeProto unique = TestModels.node("Unique", "y", "x").toBuilder()
                .addOutput("first")
                .addOutput("inverse")
                .addOutput("counts")
                .build();
        GraphProto.Builder graph = graph().addInput(TestModels.tensor("x", FLOAT, 4))
                .addNode(unique)
                .addOutput(TestModels.tensor("y", FLOAT, 3))
                .addOutput(TestModels.tensor("first", INT64, 3))
                .addOutput(TestModels.tensor("inverse", INT64, 4))
                .addOutput(TestModels.tensor("counts", INT64, 3));
        requireAnswersOfOnnxRuntime(
                graph, List.of(numbers(1, 2, 2, 3), numbers(4, 3, 2, 1), numbers(7, 7, 7, 7), numbers(3, 2, 1, 1)));
    }

    private static Map<String, Value> numbers(float... numbers) {
        return inputs("x", Tensor.of(numbers, numbers.length));
    }

    private void requireAnswersOfOnnxRuntime(GraphProto.Builder graph, List<Map<String, Value>> questions)
            throws IOException, OrtException {
        Path file = TestModels.write(directory, "m", TestModels.model(graph.build()));
        List<Map<String, Tensor>> expected = new ArrayList<>();
        for (Map<String, Value> question : questions) {
            expected.add(
                    OfficialReference.tensors(file, List.copyOf(question.keySet()), List.copyOf(question.values())));
        }
        try (Kitchen kitchen = Kitchen.builder()
                .models(file)
                .backend(new OnnxBackend(OnnxOptions.builder().api(api()).build()))
                .shutdownHook(false)
                .open()) {
            Endpoint endpoint = kitchen.endpoint("m");
            for (int round = 0; round < 2; round++) {
                for (int i = 0; i < questions.size(); i++) {
                    assertThat(endpoint.predict(questions.get(i)).outputs().toMap())
                            .isEqualTo(expected.get(i));
                }
            }
            requireBoundAnswers(endpoint, questions, expected);
        }
    }

    private static void requireBoundAnswers(
            Endpoint endpoint, List<Map<String, Value>> questions, List<Map<String, Tensor>> expected) {
        for (int bound = 0; bound < questions.size(); bound++) {
            Map<String, Shape> shapes = new LinkedHashMap<>();
            expected.get(bound).forEach((name, tensor) -> shapes.put(name, tensor.shape()));
            try (BoundCall call = endpoint.bind(shapes)) {
                for (int i = 0; i < questions.size(); i++) {
                    questions
                            .get(i)
                            .forEach((name, value) ->
                                    ((Tensor) value).copyTo(call.input(name).clear()));
                    requireAnswerOrError(call, shapes, expected.get(i));
                }
            }
        }
    }

    /** A bound call has memory for outputs of one shape. */
    private static void requireAnswerOrError(BoundCall call, Map<String, Shape> shapes, Map<String, Tensor> expected) {
        boolean fits = expected.entrySet().stream()
                .allMatch(it -> it.getValue().shape().equals(shapes.get(it.getKey())));
        if (!fits) {
            assertThatThrownBy(call::run)
                    .isInstanceOf(InferenceException.class)
                    .hasMessageContaining("expected the shape");
            return;
        }
        call.run();
        expected.forEach((name, tensor) -> assertThat(call.value(name)).isEqualTo(tensor));
    }
}
