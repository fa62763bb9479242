package dev.kitchen.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.Endpoint;
import dev.kitchen.Kitchen;
import dev.kitchen.TypedEndpoint;
import dev.kitchen.TypedPrediction;
import dev.kitchen.codec.Features;
import dev.kitchen.codec.Labels;
import dev.kitchen.codec.OutputReader;
import dev.kitchen.codec.Scores;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The snippets of docs/guide/typed-endpoints.md. */
class TypedEndpointsTest {

    // snippet: typed-record
    record Flower(float sepalLength, float sepalWidth, float petalLength, float petalWidth) {}
    // end

    private static final Flower FLOWER = new Flower(5.1f, 3.5f, 1.4f, 0.2f);

    @Test
    void answersRecordsWithLabels() {
        List<Flower> flowers = List.of(FLOWER, new Flower(6.7f, 3.1f, 5.8f, 2.3f));
        try (Kitchen kitchen = Kitchen.open(Path.of("models"))) {
            // snippet: typed-predict
            TypedEndpoint<Flower, String> iris =
                    kitchen.endpoint("iris").typed(Flower.class, Labels.of("setosa", "versicolor", "virginica"));

            String species = iris.predict(new Flower(5.1f, 3.5f, 1.4f, 0.2f));

            // One run of the model, where it takes any number of rows.
            List<String> several = iris.predictAll(flowers);

            // The answer, and the version that gave it.
            TypedPrediction<String> detailed = iris.predictWithDetails(flowers.get(0));
            System.out.println(detailed.value() + " from version " + detailed.version());

            // One line for each component: the input or column that it goes to.
            System.out.println(iris.describe());
            // end
            assertThat(species).isEqualTo("setosa");
            assertThat(several).containsExactly("setosa", "virginica");
        }
    }

    @Test
    void takesRowsOfNumbers() {
        try (Kitchen kitchen = Kitchen.open(Path.of("models"))) {
            Endpoint endpoint = kitchen.endpoint("iris");
            // snippet: typed-rows
            TypedEndpoint<float[], float[]> rows = endpoint.typed(Features.ofRow(), Scores.of("probabilities"));
            float[] probabilities = rows.predict(new float[] {5.1f, 3.5f, 1.4f, 0.2f});
            // end
            assertThat(probabilities).hasSize(3);
        }
    }

    @Test
    void bindsInDeclarationOrder() {
        try (Kitchen kitchen = Kitchen.open(Path.of("models"))) {
            Endpoint endpoint = kitchen.endpoint("iris");
            // snippet: typed-order
            TypedEndpoint<Flower, float[]> ordered =
                    endpoint.typed(Features.of(Flower.class).inDeclarationOrder(), Scores.of("probabilities"));
            // end
            assertThat(ordered.predict(FLOWER)).hasSize(3);
        }
    }

    // snippet: typed-reader
    /** Reads the greatest probability of a row. */
    static final class Confidence implements OutputReader<Float> {

        @Override
        public Bound<Float> bind(ModelSignature signature) {
            return new Bound<>() {

                @Override
                public List<String> outputs() {
                    return List.of("probabilities");
                }

                @Override
                public Float read(NamedValues outputs, int row, int rows) {
                    Tensor probabilities = outputs.tensor("probabilities");
                    int columns = probabilities.elementCount() / rows;
                    float greatest = 0;
                    for (int column = 0; column < columns; column++) {
                        greatest = Math.max(greatest, probabilities.floatAt(row * columns + column));
                    }
                    return greatest;
                }

                @Override
                public String describe() {
                    return "the greatest of 'probabilities'";
                }
            };
        }
    }
    // end

    @Test
    void readsWithAReaderOfTheApplication() {
        try (Kitchen kitchen = Kitchen.open(Path.of("models"))) {
            TypedEndpoint<Flower, Float> sure = kitchen.endpoint("iris").typed(Flower.class, new Confidence());

            assertThat(sure.predict(FLOWER)).isBetween(0.9f, 1f);
        }
    }
}
