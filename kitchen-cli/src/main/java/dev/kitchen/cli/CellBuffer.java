package dev.kitchen.cli;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Cells of text on their way into a tensor: each is the number that its type can hold, or refused. */
final class CellBuffer {

    private static final Pattern DECIMAL = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,6})?");
    private static final Pattern INFINITE = Pattern.compile("[+-]?inf(inity)?");
    private static final BigInteger MOST_UINT64 = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    private final DataType type;
    private final boolean emptyIsNan;
    private final ByteBuffer numbers;
    private final List<String> texts = new ArrayList<>();

    CellBuffer(DataType type, int capacity, boolean emptyIsNan) {
        this.type = type;
        this.emptyIsNan = emptyIsNan;
        this.numbers =
                ByteBuffer.allocate(Math.multiplyExact(bytesOf(type), capacity)).order(ByteOrder.nativeOrder());
    }

    /** Bytes an element takes here: 16-bit floats are kept wide until they are rounded. */
    private static int bytesOf(DataType type) {
        return type == DataType.FLOAT16 || type == DataType.BFLOAT16 ? Float.BYTES : type.sizeBytes();
    }

    /** Forgets all but the first cells. */
    void truncate(int count) {
        numbers.position(count * bytesOf(type));
        if (type == DataType.STRING) {
            texts.subList(count, texts.size()).clear();
        }
    }

    Tensor toTensor(Shape shape) {
        long[] dimensions = shape.toArray();
        ByteBuffer filled = numbers.duplicate().order(ByteOrder.nativeOrder()).flip();
        return switch (type) {
            case STRING -> Tensor.ofStrings(texts.toArray(String[]::new), dimensions);
            case FLOAT16, BFLOAT16 ->
                Tensor.copyOf(DataType.FLOAT, filled, shape).roundTo(type);
            default -> Tensor.copyOf(type, filled, shape);
        };
    }

    /** Adds a cell, or throws. */
    void add(String place, String cell) {
        String text = cell.strip();
        switch (type) {
            case STRING -> texts.add(cell);
            case DOUBLE -> numbers.putDouble(floating(place, text, Double.MAX_VALUE));
            case FLOAT -> numbers.putFloat(singlePrecision(place, text, Float.MAX_VALUE));
            case FLOAT16 -> numbers.putFloat(singlePrecision(place, text, 65504));
            case BFLOAT16 -> numbers.putFloat(singlePrecision(place, text, Float.MAX_VALUE));
            case BOOL -> numbers.put(bool(place, text));
            case INT8, UINT8 -> numbers.put((byte) integer(place, text));
            case INT16, UINT16 -> numbers.putShort((short) integer(place, text));
            case INT32, UINT32 -> numbers.putInt((int) integer(place, text));
            default -> numbers.putLong(integer(place, text));
        }
    }

    private float singlePrecision(String place, String text, float most) {
        double value = floating(place, text, most);
        // Parsed as what it is to be: by way of a double it could be rounded twice.
        return Double.isFinite(value) ? Float.parseFloat(text) : (float) value;
    }

    private double floating(String place, String text, double most) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (text.isEmpty() && emptyIsNan || lower.equals("nan")) {
            return Double.NaN;
        } else if (INFINITE.matcher(lower).matches()) {
            return lower.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        requireDecimal(place, text, "a number");
        double value = Double.parseDouble(text);
        if (Math.abs(value) > most) {
            throw outOfRange(place, text);
        }
        return value;
    }

    private byte bool(String place, String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "1" -> 1;
            case "false", "0" -> 0;
            default -> throw wrong(place, text, "true, false, 1 or 0");
        };
    }

    /** The low bits of a whole number that fits; it may be written as {@code 3.0}, as many tools do. */
    private long integer(String place, String text) {
        requireDecimal(place, text, "a whole number");
        BigDecimal decimal = new BigDecimal(text).stripTrailingZeros();
        // Looked at before a number of a million digits would be made of a short text.
        if (decimal.scale() > 0) {
            throw wrong(place, text, "a whole number");
        } else if (decimal.precision() - (long) decimal.scale() > 20) {
            throw outOfRange(place, text);
        }
        BigInteger value = decimal.toBigIntegerExact();
        int bits = type.sizeBytes() * 8;
        boolean fits = type.isUnsigned()
                ? value.signum() >= 0 && value.bitLength() <= bits && value.compareTo(MOST_UINT64) <= 0
                : value.bitLength() < bits;
        if (!fits) {
            throw outOfRange(place, text);
        }
        return value.longValue();
    }

    private static void requireDecimal(String place, String text, String expected) {
        if (!DECIMAL.matcher(text).matches()) {
            throw wrong(place, text, expected);
        }
    }

    private InvalidRequestException outOfRange(String place, String text) {
        return new InvalidRequestException(place + " is " + shown(text) + ", which is out of the range of " + type);
    }

    private static InvalidRequestException wrong(String place, String text, String expected) {
        return new InvalidRequestException(
                place + " is " + (text.isEmpty() ? "empty" : "'" + shown(text) + "'") + ", expected " + expected);
    }

    private static String shown(String text) {
        return Texts.oneLine(text.length() > 40 ? text.substring(0, 40) + "..." : text);
    }
}
