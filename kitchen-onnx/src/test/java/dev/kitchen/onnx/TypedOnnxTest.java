package dev.kitchen.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.kitchen.Kitchen;
import dev.kitchen.TypedEndpoint;
import dev.kitchen.codec.Features;
import dev.kitchen.codec.Labels;
import dev.kitchen.codec.Scores;
import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.InferenceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Typed endpoints on models of ONNX Runtime, some of them as scikit-learn's converters write them. */
class TypedOnnxTest {

    private record Flower(float sepalLength, float sepalWidth, float petalLength, float petalWidth) {}

    private static final Labels LABELS = Labels.of("setosa", "versicolor", "virginica");
    private static final Features<Flower> IN_ORDER = Features.of(Flower.class).inDeclarationOrder();
    private static final Flower SETOSA = new Flower(5.1f, 3.5f, 1.4f, 0.2f);
    private static final Flower VIRGINICA = new Flower(6.7f, 3.1f, 5.8f, 2.3f);

    @TempDir
    Path directory;

    @Test
    void theQuickstartsModelTakesARecordAsTheReadmeSays() {
        Path iris = Path.of(System.getProperty("kitchen.root"), "examples", "quickstart", "models", "iris.onnx");
        try (Kitchen kitchen = Kitchen.open(iris)) {
            TypedEndpoint<Flower, String> typed = kitchen.endpoint("iris").typed(Flower.class, LABELS);

            assertThat(typed.predict(SETOSA)).isEqualTo("setosa");
            assertThat(typed.predictAll(List.of(VIRGINICA, SETOSA))).containsExactly("virginica", "setosa");
        }
    }

    @Test
    void mapsOfABatchAreReadRowByRow() {
        try (Kitchen kitchen = open("iris-rf-dynbatch", "sklearn_randomforest.onnx")) {
            TypedEndpoint<Flower, String> typed =
                    kitchen.endpoint("sklearn_randomforest").typed(IN_ORDER, LABELS);

            // The six flowers and labels that the model's authors publish.
            assertThat(typed.predictAll(List.of(
                            new Flower(5.9f, 3.0f, 5.1f, 1.8f),
                            new Flower(6.8f, 2.8f, 4.8f, 1.4f),
                            new Flower(6.3f, 2.3f, 4.4f, 1.3f),
                            new Flower(6.5f, 3.0f, 5.5f, 1.8f),
                            new Flower(7.7f, 2.8f, 6.7f, 2.0f),
                            new Flower(5.5f, 2.5f, 4.0f, 1.3f))))
                    .containsExactly("virginica", "versicolor", "versicolor", "virginica", "virginica", "versicolor");
        }
    }

    @Test
    void aModelOfOneRowAnswersManyOneByOne() {
        try (Kitchen kitchen = open("iris-randomforest", "randomforest.onnx")) {
            TypedEndpoint<Flower, String> typed =
                    kitchen.endpoint("randomforest").typed(IN_ORDER, LABELS);

            assertThat(typed.predictAll(List.of(new Flower(5.8f, 2.8f, 5.1f, 2.4f), SETOSA, VIRGINICA)))
                    .containsExactly("virginica", "setosa", "virginica");
            assertThatThrownBy(() -> kitchen.endpoint("randomforest").typed(Flower.class, LABELS))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("Features.of(Flower.class).inDeclarationOrder()");
        }
    }

    private static Kitchen open(String id, String file) {
        return Kitchen.open(SharedCases.directory("onnx").resolve(id).resolve(file));
    }

    @Test
    void columnNamesOfTheFileDecideTheOrder() throws IOException {
        Path plain = TestModels.classifier(directory, "plain", 3);
        ModelProto named = ModelProto.parseFrom(Files.readAllBytes(plain)).toBuilder()
                .addMetadataProps(StringStringEntryProto.newBuilder()
                        .setKey("feature_names")
                        .setValue("[\"petal_width\", \"sepal_length\", \"petal_length\", \"sepal_width\"]"))
                .build();
        TestModels.write(directory, "named", named);
        try (Kitchen kitchen = Kitchen.open(directory)) {
            float[] expected = kitchen.endpoint("plain")
                    .typed(Features.ofRow(), Scores.of("y"))
                    .predict(new float[] {0.2f, 5.1f, 1.4f, 3.5f});

            assertThat(kitchen.endpoint("named")
                            .typed(Flower.class, Scores.of("y"))
                            .predict(SETOSA))
                    .containsExactly(expected);
        }
    }

    @Test
    void aNanThatTheModelComputesIsAnError() throws IOException {
        TestModels.classifier(directory, "c", 1);
        try (Kitchen kitchen = Kitchen.open(directory)) {
            TypedEndpoint<Flower, String> typed = kitchen.endpoint("c").typed(IN_ORDER, LABELS);

            assertThatThrownBy(() -> typed.predict(new Flower(Float.NaN, 1, 1, 1)))
                    .isInstanceOf(InferenceException.class)
                    .hasMessageContaining("output 'y': the score of 'setosa' is NaN");
            assertThat(typed.predict(SETOSA)).isIn("setosa", "versicolor", "virginica");
        }
    }

    @Test
    void eachComponentMayHaveAnInputOfItsOwn() throws IOException {
        record Order(float unitPrice, int count, String customer) {}
        GraphProto graph = GraphProto.newBuilder()
                .setName("orders")
                .addInput(TestModels.tensor("customer", TensorProto.DataType.STRING_VALUE, "n", 1))
                .addInput(TestModels.tensor("count", TestModels.FLOAT, "n", 1))
                .addInput(TestModels.tensor("unit_price", TestModels.FLOAT, "n", 1))
                .addNode(TestModels.node("Mul", "total", "unit_price", "count"))
                .addNode(TestModels.node("Identity", "who", "customer"))
                .addOutput(TestModels.tensor("total", TestModels.FLOAT, "n", 1))
                .addOutput(TestModels.tensor("who", TensorProto.DataType.STRING_VALUE, "n", 1))
                .build();
        try (Kitchen kitchen = Kitchen.open(TestModels.write(directory, "orders", TestModels.model(graph)))) {
            List<Order> orders = List.of(new Order(2.5f, 4, "Ann"), new Order(3, 7, "Bo"));

            assertThat(kitchen.endpoint("orders")
                            .typed(Order.class, Scores.of("total"))
                            .predictAll(orders))
                    .containsExactly(new float[] {10}, new float[] {21});
            assertThat(kitchen.endpoint("orders")
                            .typed(Order.class, Labels.of("Ann", "Bo").from("who"))
                            .predictAll(orders))
                    .containsExactly("Ann", "Bo");
        }
    }
}
