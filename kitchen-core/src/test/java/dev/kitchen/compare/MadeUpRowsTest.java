package dev.kitchen.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.TensorSpec;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class MadeUpRowsTest {

    private static ModelSignature signature(DataType type, long... shape) {
        return ModelSignature.of(List.of(new TensorSpec("x", type, Shape.of(shape))), List.of());
    }

    private static Tensor one(MadeUpRows rows, DataType type, long... shape) {
        return rows.of(signature(type, shape), 1).get(0).tensor("x");
    }

    @Test
    void eachRowIsAnotherOneOfTheSignaturesShape() {
        List<NamedValues> rows = MadeUpRows.of(0, false, 3).of(signature(DataType.FLOAT, -1, -1, 2), 4);

        assertThat(rows).hasSize(4).doesNotHaveDuplicates();
        assertThat(rows).allMatch(it -> it.tensor("x").shape().equals(Shape.of(1, 3, 2)));
    }

    @Test
    void fractionsAreWithinTheirMagnitudeOnBothSidesOfZeroUnlessPositive() {
        double[] both =
                one(MadeUpRows.of(1, false, 1), DataType.DOUBLE, -1, 1_000).toDoubleArray();
        double[] positive =
                one(MadeUpRows.of(1, true, 1), DataType.DOUBLE, -1, 1_000).toDoubleArray();

        assertThat(Arrays.stream(both).min().orElseThrow()).isBetween(-30.0, -20.0);
        assertThat(Arrays.stream(both).max().orElseThrow()).isBetween(20.0, 30.0);
        assertThat(Arrays.stream(positive).min().orElseThrow()).isBetween(0.0, 5.0);
        assertThat(Arrays.stream(positive).max().orElseThrow()).isBetween(20.0, 30.0);
    }

    @Test
    void integersAreFromTheLeastToTheMost() {
        long[] numbers =
                one(MadeUpRows.of(1, false, 1), DataType.INT32, -1, 200).toLongArray();

        assertThat(numbers).containsOnly(1, 2, 3);
        assertThat(one(MadeUpRows.smallest(1), DataType.INT64, -1, 200).toLongArray())
                .containsOnly(0, 1);
    }

    @Test
    void textsAndTruthsAreOfAllKinds() {
        Tensor texts = one(MadeUpRows.smallest(1), DataType.STRING, -1, 50);
        Tensor truths = one(MadeUpRows.of(0, false, 1), DataType.BOOL, -1, 50);

        assertThat(List.of(texts.stringAt(0), texts.stringAt(1), texts.stringAt(2), texts.stringAt(3)))
                .isSubsetOf("", "0");
        byte[] bits = new byte[50];
        truths.bytes().get(bits);
        assertThat(bits).containsOnly(0, 1);
    }

    @Test
    void knowsWhichSignaturesLeaveMoreOpenThanTheRows() {
        assertThat(MadeUpRows.haveOtherSizes(signature(DataType.FLOAT, -1, 4))).isFalse();
        assertThat(MadeUpRows.haveOtherSizes(signature(DataType.FLOAT, -1, -1))).isTrue();
        assertThat(MadeUpRows.haveOtherSizes(ModelSignature.of(
                        List.of(new TensorSpec("x", DataType.FLOAT, Shape.UNKNOWN, List.of())), List.of())))
                .isTrue();
    }

    @Test
    void anUnknownRankHasTheOtherSizeBesideTheRows() {
        ModelSignature unknown =
                ModelSignature.of(List.of(new TensorSpec("x", DataType.FLOAT, Shape.UNKNOWN, List.of())), List.of());

        assertThat(MadeUpRows.of(0, false, 5).of(unknown, 1).get(0).tensor("x").shape())
                .isEqualTo(Shape.of(1, 5));
    }

    @Test
    void rowsThatAreTooLargeAreNotMadeUp() {
        MadeUpRows rows = MadeUpRows.of(0, false, 1);

        assertThat(one(rows, DataType.FLOAT, -1, 2 << 20).elementCount()).isEqualTo(2 << 20);
        assertThatThrownBy(() -> one(rows, DataType.FLOAT, -1, (2 << 20) + 1))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("expected a row of at most 16777216 bytes");
    }

    @Test
    void fractionsHaveTheirType() {
        double[] third = {1.0 / 3};

        assertThat(MadeUpRows.fractions(DataType.DOUBLE, third, Shape.of(1))).isEqualTo(Tensor.of(third, 1));
        assertThat(MadeUpRows.fractions(DataType.FLOAT, third, Shape.of(1)))
                .isEqualTo(Tensor.of(new float[] {1f / 3}, 1));
        assertThat(MadeUpRows.fractions(DataType.FLOAT16, third, Shape.of(1)).type())
                .isEqualTo(DataType.FLOAT16);
    }
}
