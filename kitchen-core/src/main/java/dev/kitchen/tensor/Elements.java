package dev.kitchen.tensor;

import dev.kitchen.error.InvalidRequestException;
import java.nio.ByteBuffer;

/** Reads and writes single elements of any numeric type, and refuses every conversion that would change a number. */
final class Elements {

    private Elements() {}

    /** The element as a double, exactly. */
    static double readDouble(DataType type, ByteBuffer data, int index) {
        return switch (type) {
            case FLOAT -> data.getFloat(index * 4);
            case DOUBLE -> data.getDouble(index * 8);
            case FLOAT16 -> Float16.halfToFloat(data.getShort(index * 2));
            case BFLOAT16 -> Float16.bfloatToFloat(data.getShort(index * 2));
            case UINT64 -> unsignedToDouble(data.getLong(index * 8), index);
            default -> integerToDouble(readLong(type, data, index), type, index);
        };
    }

    /** The element as a float, exactly. */
    static float readFloat(DataType type, ByteBuffer data, int index) {
        double value = readDouble(type, data, index);
        float narrowed = (float) value;
        if (narrowed != value && !Double.isNaN(value)) {
            throw lossy(type, index, text(value), "FLOAT");
        }
        return narrowed;
    }

    /** The element as a long, exactly. */
    static long readLong(DataType type, ByteBuffer data, int index) {
        return switch (type) {
            case INT8 -> data.get(index);
            case UINT8 -> data.get(index) & 0xffL;
            case INT16 -> data.getShort(index * 2);
            case UINT16 -> data.getShort(index * 2) & 0xffffL;
            case INT32 -> data.getInt(index * 4);
            case UINT32 -> data.getInt(index * 4) & 0xffffffffL;
            case INT64 -> data.getLong(index * 8);
            case UINT64 -> {
                long bits = data.getLong(index * 8);
                if (bits < 0) {
                    throw lossy(type, index, Long.toUnsignedString(bits), "INT64");
                }
                yield bits;
            }
            case FLOAT, DOUBLE, FLOAT16, BFLOAT16 -> doubleToLong(readDouble(type, data, index), type, index);
            case BOOL, STRING -> throw notNumeric(type);
        };
    }

    /** The element as an integer within these bounds, exactly. */
    static long readBounded(DataType type, ByteBuffer data, int index, DataType target, long least, long most) {
        long value = readLong(type, data, index);
        if (value < least || value > most) {
            throw lossy(type, index, value, target.name());
        }
        return value;
    }

    /** Writes the element of one tensor into another of a different type, exactly. */
    static void convert(DataType from, ByteBuffer source, DataType to, ByteBuffer target, int index) {
        switch (to) {
            case FLOAT -> target.putFloat(index * 4, readFloat(from, source, index));
            case DOUBLE -> target.putDouble(index * 8, readDouble(from, source, index));
            case FLOAT16, BFLOAT16 -> {
                double value = readDouble(from, source, index);
                short bits = round(to, (float) value);
                double back = to == DataType.FLOAT16 ? Float16.halfToFloat(bits) : Float16.bfloatToFloat(bits);
                if (back != value && !Double.isNaN(value)) {
                    throw lossy(from, index, text(value), to.name());
                }
                target.putShort(index * 2, bits);
            }
            case INT64 -> target.putLong(index * 8, readLong(from, source, index));
            case UINT64 -> target.putLong(index * 8, readBounded(from, source, index, to, 0, Long.MAX_VALUE));
            case INT8, UINT8, INT16, UINT16, INT32, UINT32 -> {
                int bits = to.sizeBytes() * 8;
                long least = to.isUnsigned() ? 0 : -1L << (bits - 1);
                long most = to.isUnsigned() ? (1L << bits) - 1 : (1L << (bits - 1)) - 1;
                putInteger(target, index, to.sizeBytes(), readBounded(from, source, index, to, least, most));
            }
            case BOOL, STRING -> throw notNumeric(to);
        }
    }

    /** The nearest 16-bit float, as bits. */
    static short round(DataType type, float value) {
        return type == DataType.FLOAT16 ? Float16.floatToHalf(value) : Float16.floatToBfloat(value);
    }

    private static void putInteger(ByteBuffer target, int index, int sizeBytes, long value) {
        switch (sizeBytes) {
            case 1 -> target.put(index, (byte) value);
            case 2 -> target.putShort(index * 2, (short) value);
            default -> target.putInt(index * 4, (int) value);
        }
    }

    private static double integerToDouble(long value, DataType type, int index) {
        if (significantBits(Math.abs(value)) > 53) {
            throw lossy(type, index, value, "a floating-point number");
        }
        return value;
    }

    private static double unsignedToDouble(long bits, int index) {
        if (significantBits(bits) > 53) {
            throw lossy(DataType.UINT64, index, Long.toUnsignedString(bits), "a floating-point number");
        }
        return bits >= 0 ? bits : (bits >>> 11) * 2048.0;
    }

    private static int significantBits(long magnitude) {
        return magnitude == 0 ? 0 : 64 - Long.numberOfLeadingZeros(magnitude) - Long.numberOfTrailingZeros(magnitude);
    }

    private static long doubleToLong(double value, DataType type, int index) {
        if (value != Math.rint(value) || value < -0x1p63 || value >= 0x1p63) {
            throw lossy(type, index, value, "an integer");
        }
        return (long) value;
    }

    /** A whole number as one, and not as 2.147483647E9. */
    private static String text(double value) {
        return value == Math.rint(value) && value >= -0x1p63 && value < 0x1p63
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    private static InvalidRequestException lossy(DataType type, int index, Object value, String target) {
        return new InvalidRequestException(
                type + " element " + index + " is " + value + ", which is not exactly representable as " + target);
    }

    static InvalidRequestException notNumeric(DataType type) {
        return new InvalidRequestException(type + " is not a numeric type");
    }
}
