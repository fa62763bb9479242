package dev.kitchen.redis;

import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.MapValue;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.SequenceValue;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Optional;

/** Values to bytes, elements in the machine's byte order, which stands before them. {@link ValueReader} reads them. */
final class ValueWriter {

    static final byte TENSOR = 1;
    static final byte SEQUENCE = 2;
    static final byte MAP = 3;
    static final byte EMPTY = 4;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);
    private final int maxBytes;
    private boolean tooLarge;

    private ValueWriter(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** The bytes; empty where there would be more than that. */
    static Optional<byte[]> write(NamedValues values, int maxBytes) {
        ValueWriter writer = new ValueWriter(maxBytes);
        try {
            writer.write(values);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return writer.tooLarge ? Optional.empty() : Optional.of(writer.bytes.toByteArray());
    }

    private void write(NamedValues values) throws IOException {
        out.writeBoolean(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN);
        out.writeInt(values.size());
        for (int i = 0; i < values.size(); i++) {
            write(values.name(i));
            write(values.value(i));
        }
    }

    /** Notices before it copies what would be too much. */
    private boolean fits(long more) {
        tooLarge |= bytes.size() + more > maxBytes;
        return !tooLarge;
    }

    private void write(Value value) throws IOException {
        if (value instanceof Tensor tensor) {
            out.writeByte(TENSOR);
            write(tensor);
        } else if (value instanceof SequenceValue sequence) {
            out.writeByte(SEQUENCE);
            out.writeInt(sequence.elements().size());
            for (Value element : sequence.elements()) {
                write(element);
            }
        } else if (value instanceof MapValue map) {
            out.writeByte(MAP);
            write(map);
        } else {
            out.writeByte(EMPTY);
        }
    }

    private void write(Tensor tensor) throws IOException {
        write(tensor.type().name());
        out.writeByte(tensor.shape().rank());
        for (int i = 0; i < tensor.shape().rank(); i++) {
            out.writeLong(tensor.shape().dimension(i));
        }
        if (tensor.type() == DataType.STRING) {
            for (int i = 0; i < tensor.elementCount(); i++) {
                write(tensor.stringAt(i));
            }
        } else if (fits(tensor.sizeBytes())) {
            byte[] elements = new byte[tensor.sizeBytes()];
            tensor.bytes().get(elements);
            out.write(elements);
        }
    }

    private void write(MapValue map) throws IOException {
        write(map.keyType().name());
        write(map.valueType().name());
        out.writeInt(map.entries().size());
        for (Map.Entry<Object, Object> entry : map.entries().entrySet()) {
            writeScalar(entry.getKey());
            writeScalar(entry.getValue());
        }
    }

    private void writeScalar(Object scalar) throws IOException {
        if (scalar instanceof Float number) {
            out.writeInt(Float.floatToRawIntBits(number));
        } else if (scalar instanceof Double number) {
            out.writeLong(Double.doubleToRawLongBits(number));
        } else if (scalar instanceof Long number) {
            out.writeLong(number);
        } else {
            write((String) scalar);
        }
    }

    private void write(String text) throws IOException {
        if (fits(2L * text.length())) {
            out.writeInt(text.length());
            out.writeChars(text);
        }
    }
}
