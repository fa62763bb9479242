package dev.kitchen.predict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class GoldenCaseTest {

    private static final GoldenCase CASE =
            GoldenCase.of("c", values("x", 1), values("y", 2)).withTolerance(0.1, 0.2);

    @Test
    void equalsACaseOfTheSameNameValuesAndTolerances() {
        GoldenCase same = GoldenCase.of("c", values("x", 1), values("y", 2)).withTolerance(0.1, 0.2);

        assertThat(same).isEqualTo(CASE).hasSameHashCodeAs(CASE);
    }

    @Test
    void differsFromACaseOfAnotherNameValueOrTolerance() {
        List<GoldenCase> others = List.of(
                GoldenCase.of("d", CASE.inputs(), CASE.outputs()).withTolerance(0.1, 0.2),
                GoldenCase.of("c", values("x", 3), CASE.outputs()).withTolerance(0.1, 0.2),
                GoldenCase.of("c", CASE.inputs(), values("y", 3)).withTolerance(0.1, 0.2),
                CASE.withTolerance(0.3, 0.2),
                CASE.withTolerance(0.1, 0.3));

        assertThat(others).allSatisfy(other -> {
            assertThat(other).isNotEqualTo(CASE);
            assertThat(other.hashCode()).isNotEqualTo(CASE.hashCode());
        });
        assertThat(CASE).isNotEqualTo("c");
    }

    @Test
    void isPrintedWithItsNameAndThoseOfItsValues() {
        assertThat(CASE).hasToString("golden case 'c': [x] -> [y]");
    }

    private static NamedValues values(String name, float number) {
        return NamedValues.of(name, Tensor.of(new float[] {number}, 1));
    }
}
