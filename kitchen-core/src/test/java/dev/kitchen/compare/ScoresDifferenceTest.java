package dev.kitchen.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.predict.GoldenCase;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.MapValue;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.SequenceValue;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ScoresDifferenceTest {

    private static Optional<String> difference(double absolute, SequenceValue expected, SequenceValue actual) {
        GoldenCase golden = GoldenCase.of(
                        "c", NamedValues.of("x", Tensor.of(new float[1], 1)), NamedValues.of("y", expected))
                .withTolerance(0, absolute);
        return new ScoresDifference(new Tolerance(golden)).find(expected, actual);
    }

    private static SequenceValue rows(Value... rows) {
        return new SequenceValue(List.of(rows));
    }

    private static MapValue floats(Map<String, Float> scores) {
        return MapValue.of(DataType.STRING, DataType.FLOAT, scores);
    }

    private static MapValue doubles(Map<String, Double> scores) {
        return MapValue.of(DataType.STRING, DataType.DOUBLE, scores);
    }

    @Test
    void scoresMayBeOffByTheTolerance() {
        SequenceValue expected = rows(doubles(Map.of("a", 0.5, "b", 0.5)));

        assertThat(difference(0.1, expected, rows(doubles(Map.of("a", 0.6, "b", 0.4)))))
                .isEmpty();
        assertThat(difference(0.1, expected, rows(doubles(Map.of("a", 0.5, "b", 0.7)))))
                .contains("row 0: 'b' is 0.7, expected 0.5 ± 0.1");
    }

    @Test
    void aNumberIsAsPreciseAsTheAnswer() {
        assertThat(difference(0, rows(doubles(Map.of("a", 0.9))), rows(floats(Map.of("a", 0.9f)))))
                .isEmpty();
        assertThat(difference(0, rows(floats(Map.of("a", 0.9f))), rows(doubles(Map.of("a", 0.9)))))
                .isPresent();
    }

    @Test
    void thereIsARowForEach() {
        SequenceValue one = rows(floats(Map.of("a", 1f)));

        assertThat(difference(0, one, rows())).contains("has 0 rows, expected 1");
        assertThat(difference(0, one, rows(Tensor.of(new float[1], 1))))
                .hasValueSatisfying(
                        it -> assertThat(it).startsWith("row 0 is a ").endsWith(", expected a map of numbers"));
        assertThat(difference(0, one, rows(MapValue.of(DataType.STRING, DataType.STRING, Map.of("a", "1")))))
                .contains("row 0 is a MapValue, expected a map of numbers");
    }

    @Test
    void theLabelsAreTheSameTexts() {
        SequenceValue expected = rows(floats(Map.of("1", 1f)), floats(Map.of("1", 2f, "2", 3f)));
        MapValue numbered = MapValue.of(DataType.INT64, DataType.FLOAT, Map.of(1L, 2f, 2L, 3f));

        assertThat(difference(0, expected, rows(floats(Map.of("1", 1f)), numbered)))
                .isEmpty();
        assertThat(difference(0, expected, rows(floats(Map.of("1", 1f)), floats(Map.of("1", 2f)))))
                .contains("row 1 has no label '2', expected 3.0");
        assertThat(difference(0, expected, rows(floats(Map.of("1", 1f, "x", 0f)), numbered)))
                .contains("row 0 has the label 'x', expected it not to be there");
    }
}
