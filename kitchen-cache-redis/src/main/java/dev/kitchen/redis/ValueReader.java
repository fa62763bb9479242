package dev.kitchen.redis;

import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.EmptyOptional;
import dev.kitchen.tensor.MapValue;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.SequenceValue;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Bytes to values, as {@link ValueWriter} wrote them. Takes no more memory than the bytes can account for. */
final class ValueReader {

    private static final int MAX_DEPTH = 16;
    private static final EmptyOptional EMPTY = new EmptyOptional();

    private final ByteBuffer in;

    private ValueReader(ByteBuffer in) {
        this.in = in;
    }

    /**
     * The values.
     *
     * @throws RuntimeException of some kind, if these are no values
     */
    static NamedValues read(byte[] bytes, int expectedBytes) {
        if (bytes.length != expectedBytes) {
            throw new IllegalArgumentException("has another length than it says");
        }
        ValueReader reader = new ValueReader(ByteBuffer.wrap(bytes));
        NamedValues values = reader.read();
        if (reader.in.hasRemaining()) {
            throw new IllegalArgumentException("goes on after its end");
        }
        return values;
    }

    private NamedValues read() {
        boolean littleEndian = in.get() == 1;
        if (littleEndian != (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN)) {
            throw new IllegalArgumentException("is of a machine with another byte order");
        }
        int count = count(1);
        List<String> names = new ArrayList<>();
        List<Value> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add(text());
            values.add(value(0));
        }
        return NamedValues.of(names, values.toArray(Value[]::new));
    }

    /** A number of things that take so many bytes each, at least: no more of them than can follow. */
    private int count(int leastBytes) {
        int count = in.getInt();
        if (count < 0 || (long) count * leastBytes > in.remaining()) {
            throw new IllegalArgumentException("claims to hold more than it does");
        }
        return count;
    }

    private Value value(int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("is too deep");
        }
        return switch (in.get()) {
            case ValueWriter.TENSOR -> tensor();
            case ValueWriter.SEQUENCE -> sequence(depth);
            case ValueWriter.MAP -> map();
            case ValueWriter.EMPTY -> EMPTY;
            default -> throw new IllegalArgumentException("has a value of an unknown kind");
        };
    }

    private Tensor tensor() {
        DataType type = DataType.valueOf(text());
        long[] dimensions = new long[in.get()];
        for (int i = 0; i < dimensions.length; i++) {
            dimensions[i] = in.getLong();
        }
        Shape shape = Shape.of(dimensions);
        int leastBytes = type == DataType.STRING ? Integer.BYTES : type.sizeBytes();
        if (!shape.isStatic() || shape.elementCount() > in.remaining() / leastBytes) {
            throw new IllegalArgumentException("claims to hold more than it does");
        }
        int count = (int) shape.elementCount();
        return type == DataType.STRING ? texts(count, dimensions) : elements(type, count * type.sizeBytes(), shape);
    }

    private Tensor texts(int count, long[] dimensions) {
        String[] texts = new String[count];
        for (int i = 0; i < count; i++) {
            texts[i] = text();
        }
        return Tensor.ofStrings(texts, dimensions);
    }

    private Tensor elements(DataType type, int length, Shape shape) {
        Tensor tensor = Tensor.copyOf(type, in.slice(in.position(), length).order(ByteOrder.nativeOrder()), shape);
        in.position(in.position() + length);
        return tensor;
    }

    private SequenceValue sequence(int depth) {
        int count = count(1);
        List<Value> elements = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            elements.add(value(depth + 1));
        }
        return new SequenceValue(elements);
    }

    private MapValue map() {
        DataType keyType = DataType.valueOf(text());
        DataType valueType = DataType.valueOf(text());
        int count = count(2 * Integer.BYTES);
        Map<Object, Object> entries = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            entries.put(scalar(keyType), scalar(valueType));
        }
        return MapValue.of(keyType, valueType, entries);
    }

    private Object scalar(DataType type) {
        return switch (type) {
            case FLOAT -> Float.intBitsToFloat(in.getInt());
            case DOUBLE -> Double.longBitsToDouble(in.getLong());
            case INT64 -> in.getLong();
            case STRING -> text();
            default -> throw new IllegalArgumentException("has a map of " + type);
        };
    }

    private String text() {
        int length = count(Character.BYTES);
        char[] characters = new char[length];
        for (int i = 0; i < length; i++) {
            characters[i] = in.getChar();
        }
        return new String(characters);
    }
}
