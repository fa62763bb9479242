package dev.kitchen.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.InvalidRequestException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Numbers keep their value from type to type, or are refused. */
class ConversionTest {

    private static final long[] EDGES = {
        0,
        1,
        -1,
        127,
        128,
        -128,
        -129,
        255,
        256,
        32767,
        32768,
        -32768,
        -32769,
        65504,
        65535,
        65536,
        2147483647L,
        2147483648L,
        -2147483648L,
        -2147483649L,
        4294967295L,
        4294967296L,
        (1L << 53),
        (1L << 53) + 1,
        -(1L << 53) - 1,
        16777217,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"BOOL", "STRING"})
    void convertsExactlyThoseIntegersThatTheTypeHolds(DataType type) {
        for (long value : EDGES) {
            Tensor source = Tensor.of(new long[] {value}, 1);
            if (holds(type, BigDecimal.valueOf(value))) {
                Tensor converted = source.convertTo(type);
                assertThat(converted.type()).isEqualTo(type);
                assertThat(converted.longAt(0)).isEqualTo(value);
                assertThat(converted.convertTo(DataType.INT64)).isEqualTo(source);
            } else {
                assertThatThrownBy(() -> source.convertTo(type))
                        .as("%d as %s", value, type)
                        .isInstanceOf(InvalidRequestException.class)
                        .hasMessageContaining("element 0 is " + value);
            }
        }
    }

    /** What a type holds, worked out with numbers of any size. */
    private static boolean holds(DataType type, BigDecimal value) {
        return switch (type) {
            case FLOAT -> new BigDecimal(value.floatValue()).compareTo(value) == 0;
            case DOUBLE -> new BigDecimal(value.doubleValue()).compareTo(value) == 0;
            case FLOAT16 -> significantBits(value) <= 11 && value.abs().compareTo(BigDecimal.valueOf(65504)) <= 0;
            case BFLOAT16 -> significantBits(value) <= 8;
            default -> {
                int bits = type.sizeBytes() * 8;
                BigInteger least = type.isUnsigned()
                        ? BigInteger.ZERO
                        : BigInteger.TWO.pow(bits - 1).negate();
                BigInteger most =
                        BigInteger.TWO.pow(type.isUnsigned() ? bits : bits - 1).subtract(BigInteger.ONE);
                yield value.toBigInteger().compareTo(least) >= 0
                        && value.toBigInteger().compareTo(most) <= 0;
            }
        };
    }

    private static int significantBits(BigDecimal value) {
        BigInteger magnitude = value.toBigInteger().abs();
        return magnitude.signum() == 0 ? 0 : magnitude.bitLength() - magnitude.getLowestSetBit();
    }

    @Test
    void refusesFractionsAsIntegersAndKeepsNaNAndInfinitiesAmongFloats() {
        Tensor floats = Tensor.of(new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, -0f}, 4);
        for (DataType type : List.of(DataType.DOUBLE, DataType.FLOAT16, DataType.BFLOAT16)) {
            assertThat(floats.convertTo(type).convertTo(DataType.FLOAT).toFloatArray())
                    .containsExactly(floats.toFloatArray());
        }
        for (double bad : new double[] {0.5, Double.NaN, Double.POSITIVE_INFINITY, 0x1p63, -0x1.8p63}) {
            assertThatThrownBy(() -> Tensor.of(new double[] {bad}, 1).toLongArray())
                    .isInstanceOf(InvalidRequestException.class);
        }
        assertThat(Tensor.of(new double[] {-0x1p63}, 1).toLongArray()).containsExactly(Long.MIN_VALUE);
    }

    @Test
    void namesTheFirstElementThatWouldChange() {
        assertThatThrownBy(() -> Tensor.of(new double[] {1, 0.1, 0.2}, 3).toFloatArray())
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("DOUBLE element 1 is 0.1, which is not exactly representable as FLOAT");
    }

    @Test
    void readsUnsignedNumbersAsTheyAre() {
        assertThat(Tensor.ofBits(DataType.UINT8, new byte[] {-1}, 1).toIntArray())
                .containsExactly(255);
        assertThat(Tensor.ofBits(DataType.UINT16, new short[] {-1}, 1).toIntArray())
                .containsExactly(65535);
        assertThat(Tensor.ofBits(DataType.UINT32, new int[] {-1}, 1).toLongArray())
                .containsExactly(4294967295L);
        Tensor largest = Tensor.ofBits(DataType.UINT64, new long[] {-1}, 1);
        assertThatThrownBy(largest::toLongArray)
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("18446744073709551615");
        assertThatThrownBy(largest::toDoubleArray).isInstanceOf(InvalidRequestException.class);
        assertThat(Tensor.ofBits(DataType.UINT64, new long[] {Long.MIN_VALUE}, 1)
                        .toDoubleArray())
                .containsExactly(0x1p63);
        assertThat(Tensor.ofBits(DataType.UINT64, new long[] {0xFFFFFFFFFFFFF800L}, 1)
                        .toDoubleArray())
                .containsExactly(0x1.fffffffffffffp63);
    }

    @Test
    void booleansAndStringsAreNotNumbers() {
        Tensor truth = Tensor.of(new boolean[] {true, false}, 2);
        Tensor text = Tensor.ofStrings(new String[] {"1"}, 1);

        assertThat(truth.toBooleanArray()).containsExactly(true, false);
        for (Tensor tensor : List.of(truth, text)) {
            assertThatThrownBy(tensor::toFloatArray).isInstanceOf(InvalidRequestException.class);
            assertThatThrownBy(tensor::toLongArray).isInstanceOf(InvalidRequestException.class);
            assertThatThrownBy(() -> tensor.convertTo(DataType.INT32)).isInstanceOf(InvalidRequestException.class);
        }
        assertThatThrownBy(() -> Tensor.of(new int[] {1}, 1).convertTo(DataType.BOOL))
                .isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(truth::toStringArray).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(text::toBooleanArray).isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void everyHalfAndEveryBfloatSurvivesTheWayThroughFloat() {
        for (DataType type : List.of(DataType.FLOAT16, DataType.BFLOAT16)) {
            List<Short> changed = new ArrayList<>();
            for (int bits = 0; bits < 0x10000; bits++) {
                float wide = type == DataType.FLOAT16
                        ? Float16.halfToFloat((short) bits)
                        : Float16.bfloatToFloat((short) bits);
                short back = Elements.round(type, wide);
                if (!Float.isNaN(wide) && back != (short) bits) {
                    changed.add((short) bits);
                }
                assertThat(Float.isNaN(wide)).isEqualTo(isNaN(type, bits));
            }
            assertThat(changed).isEmpty();
        }
    }

    private static boolean isNaN(DataType type, int bits) {
        return type == DataType.FLOAT16 ? (bits & 0x7fff) > 0x7c00 : (bits & 0x7fff) > 0x7f80;
    }

    @Test
    void halvesHaveTheirStandardValues() {
        assertThat(Float16.halfToFloat((short) 0x3c00)).isEqualTo(1f);
        assertThat(Float16.halfToFloat((short) 0x7bff)).isEqualTo(65504f);
        assertThat(Float16.halfToFloat((short) 0x0001)).isEqualTo(0x1p-24f);
        assertThat(Float16.halfToFloat((short) 0x03ff)).isEqualTo(0x1.ff8p-15f);
        assertThat(Float16.halfToFloat((short) 0xfc00)).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(Float16.bfloatToFloat((short) 0x4049)).isEqualTo(3.140625f);
    }

    @Test
    void roundsToTheNearestSixteenBitsHalfToEven() {
        Random random = new Random(7);
        for (int i = 0; i < 200_000; i++) {
            float value = Float.intBitsToFloat(random.nextInt());
            assertNearest(DataType.FLOAT16, value, 65520f);
            assertNearest(DataType.BFLOAT16, value, Float.POSITIVE_INFINITY);
        }
        assertThat(Tensor.of(new float[] {2049f, 2051f}, 2)
                        .roundTo(DataType.FLOAT16)
                        .toFloatArray())
                .containsExactly(2048f, 2052f);
        assertThatThrownBy(() -> Tensor.of(new float[1], 1).roundTo(DataType.INT8))
                .isInstanceOf(InvalidRequestException.class);
    }

    private static void assertNearest(DataType type, float value, float infiniteFrom) {
        short bits = Elements.round(type, value);
        float rounded = widen(type, bits);
        if (Float.isNaN(value)) {
            assertThat(rounded).isNaN();
        } else if (Float.isInfinite(rounded)) {
            boolean bfloatOverflow = type == DataType.BFLOAT16 && Math.abs(value) >= 0x1.FFp127f;
            assertThat(Math.abs(value) >= infiniteFrom || bfloatOverflow).isTrue();
        } else {
            double error = Math.abs((double) rounded - value);
            assertThat(error).isLessThanOrEqualTo(Math.abs((double) widen(type, (short) (bits + 1)) - value));
            if ((bits & 0x7fff) != 0) {
                assertThat(error).isLessThanOrEqualTo(Math.abs((double) widen(type, (short) (bits - 1)) - value));
            }
        }
    }

    private static float widen(DataType type, short bits) {
        return type == DataType.FLOAT16 ? Float16.halfToFloat(bits) : Float16.bfloatToFloat(bits);
    }
}
