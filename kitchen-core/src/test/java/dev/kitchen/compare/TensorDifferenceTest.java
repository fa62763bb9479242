package dev.kitchen.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.predict.GoldenCase;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Tensor;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TensorDifferenceTest {

    private static final float INFINITY = Float.POSITIVE_INFINITY;

    private static Optional<String> difference(Tensor expected, Tensor actual, double relative, double absolute) {
        GoldenCase golden = GoldenCase.of("c", NamedValues.of("x", expected), NamedValues.of("y", expected))
                .withTolerance(relative, absolute);
        return new TensorDifference(new Tolerance(golden)).find(expected, actual);
    }

    private static Tensor floats(float... data) {
        return Tensor.of(data, data.length);
    }

    @Test
    void numbersMayBeOffByBothTolerancesTogether() {
        assertThat(difference(floats(100), floats(101.4f), 0.01, 0.5)).isEmpty();
        assertThat(difference(floats(-100), floats(-98.6f), 0.01, 0.5)).isEmpty();
        assertThat(difference(floats(0, 100), floats(0, 101.6f), 0.01, 0.5))
                .contains("element 1 is 101.6, expected 100.0 ± 1.5");
        assertThat(difference(floats(0, 0, 0.52f), floats(0, 0, 0.71f), 0, 1e-4))
                .contains("element 2 is 0.71, expected 0.52 ± 0.0001");
        assertThat(difference(floats(1), floats(Math.nextUp(1f)), 0, 0)).isPresent();
    }

    @Test
    void nanIsNanAndInfinitiesAreNotBridged() {
        assertThat(difference(floats(Float.NaN, INFINITY, -INFINITY), floats(Float.NaN, INFINITY, -INFINITY), 0, 0))
                .isEmpty();
        assertThat(difference(floats(1), floats(Float.NaN), 1, 1)).contains("element 0 is NaN, expected 1.0 ± 2");
        assertThat(difference(floats(Float.NaN), floats(1), 1, 1)).contains("element 0 is 1.0, expected NaN");
        assertThat(difference(floats(INFINITY), floats(1), 1, 1)).contains("element 0 is 1.0, expected Infinity");
        assertThat(difference(floats(INFINITY), floats(-INFINITY), 1, 1)).isPresent();
        assertThat(difference(floats(1), floats(INFINITY), 1, 1)).isPresent();
    }

    @Test
    void differentNanBitsAndTheTwoZerosAreTheSame() {
        Tensor quiet = Tensor.ofBits(DataType.FLOAT, new int[] {0x7fc00000, 0x80000000}, 2);
        Tensor other = Tensor.ofBits(DataType.FLOAT, new int[] {0xffc00001, 0}, 2);

        assertThat(difference(quiet, other, 0, 0)).isEmpty();
    }

    @Test
    void halvesAreComparedAsTheNumbersTheyAre() {
        Tensor expected = floats(1, 2).roundTo(DataType.FLOAT16);

        assertThat(difference(expected, floats(1.01f, 2).roundTo(DataType.FLOAT16), 0.02, 0))
                .isEmpty();
        assertThat(difference(expected, floats(1.1f, 2).roundTo(DataType.FLOAT16), 0.02, 0))
                .isPresent();
    }

    @Test
    void everythingElseHasToBeExact() {
        assertThat(difference(Tensor.of(new long[] {1L << 60}, 1), Tensor.of(new long[] {(1L << 60) + 1}, 1), 1, 9))
                .contains("element 0 is 1152921504606846977, expected 1152921504606846976");
        assertThat(difference(
                        Tensor.ofBits(DataType.UINT64, new long[] {-1}, 1),
                        Tensor.ofBits(DataType.UINT64, new long[] {-2}, 1),
                        1,
                        9))
                .contains("element 0 is 18446744073709551614, expected 18446744073709551615");
        assertThat(difference(Tensor.of(new boolean[] {true}, 1), Tensor.of(new boolean[] {false}, 1), 1, 1))
                .contains("element 0 is false, expected true");
        assertThat(difference(
                        Tensor.ofStrings(new String[] {"cat"}, 1), Tensor.ofStrings(new String[] {"dog"}, 1), 1, 1))
                .contains("element 0 is 'dog', expected 'cat'");
    }

    @Test
    void typeAndShapeHaveToBeTheSame() {
        assertThat(difference(floats(1), Tensor.of(new double[] {1}, 1), 1, 1))
                .contains("has type DOUBLE, expected FLOAT");
        assertThat(difference(floats(1), Tensor.of(new float[] {1}, 1, 1), 1, 1))
                .contains("has shape [1, 1], expected [1]");
        assertThat(difference(floats(), floats(), 0, 0)).isEmpty();
    }
}
