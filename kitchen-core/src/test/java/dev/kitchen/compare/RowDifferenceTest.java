package dev.kitchen.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowDifferenceTest {

    private static Tensor row(float... numbers) {
        return Tensor.of(numbers, 1, numbers.length);
    }

    private static Tensor integers(long... numbers) {
        return Tensor.of(numbers, 1, numbers.length);
    }

    @Test
    void equalAnswersDoNotDiffer() {
        RowDifference rows = new RowDifference(List.of(row(1, Float.NaN)));

        assertThat(rows.find(0, row(1, Float.NaN))).isEmpty();
        assertThat(rows.find(0, row(1, 2))).contains("element 1 is 2.0, expected NaN ± 0");
    }

    @Test
    void typeAndShapeHaveToBeTheSame() {
        RowDifference rows = new RowDifference(List.of(row(1, 2)));

        assertThat(rows.find(0, integers(1, 2))).contains("is INT64 [1, 2], expected FLOAT [1, 2]");
        assertThat(rows.find(0, row(1, 2, 3))).contains("is FLOAT [1, 3], expected FLOAT [1, 2]");
    }

    @Test
    void integersHaveToBeEqual() {
        RowDifference rows = new RowDifference(List.of(integers(1_000_000, 5)));

        assertThat(rows.find(0, integers(1_000_000, 5))).isEmpty();
        assertThat(rows.find(0, integers(1_000_000, 6))).contains("element 1 is 6, expected 5");
    }

    @Test
    void fractionsMayDifferByTheirPrecision() {
        RowDifference rows = new RowDifference(List.of(row(1_000, -1_000)));

        assertThat(rows.find(0, row(1_000.09f, -1_000.09f))).isEmpty();
        assertThat(rows.find(0, row(1_000, -1_000.2f))).contains("element 1 is -1000.2, expected -1000.0 ± 0.1");
    }

    @Test
    void halvesAreLessPrecise() {
        RowDifference halves = new RowDifference(List.of(row(1).roundTo(DataType.FLOAT16)));
        assertThat(halves.find(0, row(1.003f).roundTo(DataType.FLOAT16))).isEmpty();
        assertThat(halves.find(0, row(1.006f).roundTo(DataType.FLOAT16))).isPresent();

        RowDifference brainFloats = new RowDifference(List.of(row(1).roundTo(DataType.BFLOAT16)));
        assertThat(brainFloats.find(0, row(1.02f).roundTo(DataType.BFLOAT16))).isEmpty();
        assertThat(brainFloats.find(0, row(1.05f).roundTo(DataType.BFLOAT16))).isPresent();
    }

    @Test
    void aColumnIsMeasuredByItsLargestNumberInAnyRow() {
        RowDifference rows = new RowDifference(List.of(row(0, 1), row(1_000, 1), row(Float.POSITIVE_INFINITY, 1)));

        assertThat(rows.find(0, row(0.09f, 1))).isEmpty();
        assertThat(rows.find(0, row(0.2f, 1))).contains("element 0 is 0.2, expected 0.0 ± 0.1");
        assertThat(rows.find(0, row(0, 1.001f))).isPresent();
    }

    @Test
    void rowsOfAnotherLengthMeasureNothing() {
        RowDifference rows = new RowDifference(List.of(row(1), row(1_000, 1_000), Tensor.of(new float[0], 0, 1)));

        assertThat(rows.find(0, row(1.001f))).isPresent();
        assertThat(rows.find(1, row(1_000, 1_000.09f))).isEmpty();
        assertThat(rows.find(2, Tensor.of(new float[0], 0, 1))).isEmpty();
    }

    @Test
    void whatReactsToItsInputsMayDifferFourTimesAsFar() {
        RowDifference rows = new RowDifference(List.of(row(100)));
        List<Tensor> nudged = List.of(row(100.01f), row(99.9f), row(1, 2));

        assertThat(rows.find(0, row(100.4f), nudged)).isEmpty();
        assertThat(rows.find(0, row(100.42f), nudged)).contains("element 0 is 100.42, expected 100.0 ± 0.41");
    }

    @Test
    void nothingMayDifferByMoreThanAHundredth() {
        RowDifference rows = new RowDifference(List.of(row(100)));

        assertThat(rows.find(0, row(100.9f), List.of(row(50)))).isEmpty();
        assertThat(rows.find(0, row(102), List.of(row(50)))).contains("element 0 is 102.0, expected 100.0 ± 1");
        assertThat(rows.find(0, row(100.5f), List.of(row(Float.NaN))))
                .contains("element 0 is 100.5, expected 100.0 ± 0.01");
    }

    @Test
    void infinitiesAreNotBridged() {
        RowDifference rows = new RowDifference(List.of(row(1)));

        assertThat(rows.find(0, row(Float.POSITIVE_INFINITY))).isPresent();
        assertThat(new RowDifference(List.of(row(Float.POSITIVE_INFINITY))).find(0, row(1)))
                .isPresent();
    }

    @Test
    void twoRequestsDifferByMoreThanRounding() {
        RowDifference rows = new RowDifference(List.of(row(1), row(1.00001f), row(2)));

        assertThat(rows.differ(0, 1)).isFalse();
        assertThat(rows.differ(0, 2)).isTrue();
    }

    @Test
    void knowsWhichTensorsAreFinite() {
        assertThat(RowDifference.isFinite(row(1, 2))).isTrue();
        assertThat(RowDifference.isFinite(row(1, Float.NaN))).isFalse();
        assertThat(RowDifference.isFinite(row(Float.NEGATIVE_INFINITY, 1))).isFalse();
        assertThat(RowDifference.isFinite(integers(1))).isTrue();
    }
}
