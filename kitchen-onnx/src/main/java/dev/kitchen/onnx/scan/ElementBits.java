package dev.kitchen.onnx.scan;

import dev.kitchen.onnx.graph.ElementType;
import dev.kitchen.onnx.graph.TensorValues;
import java.util.Optional;
import java.util.stream.IntStream;

/** How elements of one type lie in bytes. Empty results where the type is none of those that are read. */
final class ElementBits {

    private final ElementType type;
    private final int bits;

    ElementBits(ElementType type) {
        this.type = type;
        this.bits = type.bits();
    }

    /** Elements in little-endian bytes; where several share a byte, the first is in its lowest bits. */
    Optional<TensorValues> ofRaw(byte[] bytes, int elements) {
        if (bytes.length != (elements * (long) bits + 7) / 8 || bits > Long.SIZE) {
            return Optional.empty();
        }
        return values(IntStream.range(0, elements)
                .mapToLong(index -> element(bytes, (long) index * bits))
                .toArray());
    }

    private long element(byte[] bytes, long firstBit) {
        int start = (int) (firstBit / Byte.SIZE);
        if (bits < Byte.SIZE) {
            return (long) bytes[start] >>> (firstBit % Byte.SIZE);
        }
        long value = 0;
        for (int i = bits / Byte.SIZE - 1; i >= 0; i--) {
            value = value << Byte.SIZE | bytes[start + i] & 0xff;
        }
        return value;
    }

    /** Elements in a list of numbers; where several share a byte, there is a number for each byte. */
    Optional<TensorValues> ofNumbers(long[] numbers, int field, int elements) {
        if (!SmallValues.isFieldOf(type, field)) {
            return Optional.empty();
        }
        if (type.isPacked()) {
            byte[] bytes = new byte[numbers.length];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) numbers[i];
            }
            return ofRaw(bytes, elements);
        }
        return values(numbers);
    }

    private Optional<TensorValues> values(long[] elements) {
        if (type.isInteger() || type == ElementType.BOOL) {
            return Optional.of(TensorValues.ofIntegers(
                    java.util.Arrays.stream(elements).map(this::integer).toArray()));
        }
        return switch (type) {
            case FLOAT, DOUBLE, FLOAT16, BFLOAT16 ->
                Optional.of(TensorValues.ofFloats(java.util.Arrays.stream(elements)
                        .mapToDouble(this::real)
                        .toArray()));
            default -> Optional.empty();
        };
    }

    /** The lowest bits, with the sign that they have in this type. */
    private long integer(long element) {
        int unused = Long.SIZE - bits;
        return type.isSigned() ? element << unused >> unused : element << unused >>> unused;
    }

    private double real(long element) {
        return switch (type) {
            case FLOAT -> Float.intBitsToFloat((int) element);
            case DOUBLE -> Double.longBitsToDouble(element);
            case BFLOAT16 -> Float.intBitsToFloat((int) element << Short.SIZE);
            default -> half((int) element & 0xffff);
        };
    }

    /** The value of a 16-bit float of IEEE 754. */
    private static double half(int element) {
        int exponent = element >> 10 & 0x1f;
        int fraction = element & 0x3ff;
        double magnitude = switch (exponent) {
            case 0 -> fraction * 0x1p-24;
            case 0x1f -> fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
            default -> (0x400 | fraction) * Math.pow(2, exponent - 25);
        };
        return (element & 0x8000) == 0 ? magnitude : -magnitude;
    }
}
