package dev.kitchen.onnx.scan;

import dev.kitchen.onnx.graph.ElementType;
import dev.kitchen.onnx.graph.TensorInfo;
import dev.kitchen.onnx.graph.TensorValues;
import java.io.IOException;
import java.util.Optional;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The elements of one tensor, as long as they are few; the many are passed over. */
final class SmallValues {

    private static final int FLOAT_DATA = 4;
    private static final int INT32_DATA = 5;
    private static final int INT64_DATA = 7;
    private static final int DOUBLE_DATA = 10;
    private static final int UINT64_DATA = 11;

    /** Beyond this, packed numbers are certainly more than are kept: no number takes more than 10 bytes. */
    private static final int MAX_BYTES = 10 * TensorInfo.MAX_VALUES;

    private final ProtoReader reader;
    private long @Nullable [] integers;
    private double @Nullable [] floats;
    private byte @Nullable [] raw;
    private boolean hasRaw;
    private int count;
    private int field;
    private boolean tooMany;

    SmallValues(ProtoReader reader) {
        this.reader = reader;
    }

    /** Reads or passes over a list of numbers; returns how many bytes it has, one for a number that stands alone. */
    long typed(int number) throws IOException {
        tooMany |= field != 0 && field != number;
        field = number;
        boolean packed = reader.wireType() == ProtoReader.BYTES;
        long bytes = packed ? reader.peekLength() : 1;
        if (tooMany || bytes > MAX_BYTES) {
            tooMany = true;
            return reader.skip();
        }
        switch (number) {
            case FLOAT_DATA -> reader.floats(this::add);
            case DOUBLE_DATA -> reader.doubles(this::add);
            default -> reader.integers(this::add);
        }
        return packed || number == INT32_DATA || number == INT64_DATA || number == UINT64_DATA ? bytes : fixed(number);
    }

    /** What the pass over a fixed number counts. */
    private static long fixed(int number) {
        return number == FLOAT_DATA ? Float.BYTES : Double.BYTES;
    }

    private void add(long value) {
        if (hasRoom()) {
            if (integers == null) {
                integers = new long[16];
            } else if (count == integers.length) {
                integers = java.util.Arrays.copyOf(integers, 2 * count);
            }
            integers[count++] = value;
        }
    }

    private void add(double value) {
        if (hasRoom()) {
            if (floats == null) {
                floats = new double[16];
            } else if (count == floats.length) {
                floats = java.util.Arrays.copyOf(floats, 2 * count);
            }
            floats[count++] = value;
        }
    }

    private boolean hasRoom() {
        tooMany |= count == TensorInfo.MAX_VALUES;
        return !tooMany;
    }

    /** Reads or passes over the bytes of all elements; returns how many there are. */
    long raw() throws IOException {
        hasRaw = true;
        raw = null;
        long bytes = reader.peekLength();
        if (bytes > TensorInfo.MAX_VALUES * 8L) {
            return reader.skip();
        }
        raw = reader.bytes();
        return bytes;
    }

    /** The values, if all of them were kept, and in the field that belongs to the type. */
    Optional<TensorValues> of(ElementType type, long elements) {
        if (elements > TensorInfo.MAX_VALUES || type.bits() == 0) {
            return Optional.empty();
        }
        if (elements == 0) {
            return Optional.of(TensorValues.ofIntegers());
        }
        if (hasRaw) {
            return raw == null ? Optional.empty() : new ElementBits(type).ofRaw(raw, (int) elements);
        }
        return tooMany ? Optional.empty() : typed(type, (int) elements);
    }

    private Optional<TensorValues> typed(ElementType type, int elements) {
        int expected = type.isPacked() ? (elements * type.bits() + 7) / 8 : elements;
        if (count != expected) {
            return Optional.empty();
        }
        if (integers == null) {
            boolean fits = field == FLOAT_DATA && type == ElementType.FLOAT
                    || field == DOUBLE_DATA && type == ElementType.DOUBLE;
            return fits && floats != null
                    ? Optional.of(TensorValues.ofFloats(java.util.Arrays.copyOf(floats, elements)))
                    : Optional.empty();
        }
        return new ElementBits(type)
                .ofNumbers(LongStream.of(integers).limit(count).toArray(), field, elements);
    }

    /** Returns whether numbers of this type stand in this field. */
    static boolean isFieldOf(ElementType type, int field) {
        return switch (type) {
            case INT64 -> field == INT64_DATA;
            case UINT32, UINT64 -> field == UINT64_DATA;
            case FLOAT, DOUBLE, COMPLEX64, COMPLEX128, STRING, UNDEFINED -> false;
            default -> field == INT32_DATA;
        };
    }
}
