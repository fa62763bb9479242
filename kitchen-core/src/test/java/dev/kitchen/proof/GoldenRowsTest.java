package dev.kitchen.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.predict.GoldenCase;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.TensorSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class GoldenRowsTest {

    private static final Tensor ANY = Tensor.of(new float[] {1}, 1);

    private static List<NamedValues> rows(DataType type, int count, Tensor... cases) {
        ModelSignature signature = ModelSignature.of(List.of(new TensorSpec("x", type, Shape.of(-1, -1))), List.of());
        List<GoldenCase> golden = List.of(cases).stream()
                .map(it -> GoldenCase.of("c", NamedValues.of("x", it), NamedValues.of("y", ANY)))
                .toList();
        return GoldenRows.of(golden, signature, count);
    }

    private static Tensor floats(float... row) {
        return Tensor.of(row, 1, row.length);
    }

    @Test
    void areTheDifferentRowsOfTheCasesAndOfOneShape() {
        Tensor two = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);

        List<NamedValues> rows = rows(DataType.FLOAT, 3, two, floats(1, 2), floats(1, 2, 3), floats(5, 6));

        assertThat(rows)
                .containsExactly(
                        NamedValues.of("x", floats(1, 2)),
                        NamedValues.of("x", floats(3, 4)),
                        NamedValues.of("x", floats(5, 6)));
    }

    @Test
    void areNoMoreThanAskedFor() {
        assertThat(rows(DataType.FLOAT, 2, Tensor.of(new float[] {1, 2, 3}, 3, 1)))
                .hasSize(2);
        assertThat(rows(DataType.FLOAT, 2)).isEmpty();
    }

    @Test
    void fractionsAreVariedByOneAtMostWhereThereAreTooFew() {
        List<NamedValues> rows = rows(DataType.FLOAT, 4, floats(10, 20));

        assertThat(rows).hasSize(4).doesNotHaveDuplicates();
        assertThat(rows.get(0).tensor("x")).isEqualTo(floats(10, 20));
        assertThat(rows).allSatisfy(it -> {
            assertThat(it.tensor("x").floatAt(0)).isBetween(9f, 11f);
            assertThat(it.tensor("x").floatAt(1)).isBetween(19f, 21f);
        });
    }

    @Test
    void integersAreVariedTowardsZeroAndStayPositive() {
        List<NamedValues> rows = rows(DataType.INT64, 3, Tensor.of(new long[] {9, 9, 1, 2}, 1, 4));

        assertThat(rows.get(1).tensor("x")).isEqualTo(Tensor.of(new long[] {9, 8, 1, 1}, 1, 4));
        assertThat(rows.get(2).tensor("x")).isEqualTo(Tensor.of(new long[] {7, 9, 1, 2}, 1, 4));
    }

    @Test
    void textsStayAsTheyAre() {
        Tensor text = Tensor.ofStrings(new String[] {"a"}, 1, 1);

        assertThat(rows(DataType.STRING, 2, text))
                .containsExactly(NamedValues.of("x", text), NamedValues.of("x", text));
    }
}
