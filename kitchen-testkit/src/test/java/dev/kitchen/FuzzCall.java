package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.Prediction.Source;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.tensor.Tensor;
import java.util.List;
import java.util.Map;

/** What one call of the fuzz test asks, and so what it has to be answered. */
record FuzzCall(Endpoint endpoint, Tensor input, List<String> outputs, CallOptions options) {

    /** A request with such a row fails in the model, alone. */
    static final float POISON = -1;

    PredictionRequest request(Tensor equalInput) {
        return PredictionRequest.of(Map.of("x", equalInput), options);
    }

    boolean isPoisoned() {
        return isPoisoned(input);
    }

    static boolean isPoisoned(Tensor input) {
        for (float number : input.toFloatArray()) {
            if (number == POISON) {
                return true;
            }
        }
        return false;
    }

    void check(Prediction prediction) {
        assertThat(prediction.model()).isEqualTo(endpoint.name());
        assertThat(prediction.outputs().names()).isEqualTo(outputs);
        if (prediction.source() != Source.FALLBACK) {
            assertThat(isPoisoned()).as("%s for a poisoned row", prediction).isFalse();
            assertThat(prediction.version()).matches(it -> options.version().isEmpty() || it.equals("2"));
        }
        for (String output : outputs) {
            Tensor actual = prediction.tensor(output);
            switch (output) {
                case "echo" -> assertThat(actual).isEqualTo(input);
                case "sum" -> assertThat(actual).isEqualTo(sums(input));
                default ->
                    assertThat(actual.toStringArray())
                            .hasSize((int) input.shape().dimension(0))
                            .allMatch(tag(endpoint.name(), prediction.version())::equals);
            }
        }
    }

    /** What the model of an endpoint has to answer, by the version it names. */
    static String tag(String endpoint, String version) {
        return endpoint + " v" + version;
    }

    static Tensor sums(Tensor input) {
        int rows = (int) input.shape().dimension(0);
        int columns = (int) input.shape().dimension(1);
        double[] sums = new double[rows];
        for (int i = 0; i < rows * columns; i++) {
            sums[i / columns] += input.floatAt(i);
        }
        return Tensor.of(sums, rows);
    }
}
