package dev.kitchen.json;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Gathers elements as they come, and grows with them: a shape that claims more than follows costs nothing. */
final class ElementCollector {

    private static final int FIRST_BYTES = 256;
    /** What a text takes besides its characters: two references, the object, and its array's header. */
    private static final int TEXT_BYTES = 56;

    private final String place;
    private final DataType type;
    private final int maxBytes;
    private final List<String> strings = new ArrayList<>();
    private ByteBuffer bytes = ByteBuffer.allocate(FIRST_BYTES).order(ByteOrder.nativeOrder());
    private long keptBytes;
    private int count;

    ElementCollector(String place, DataType type, int maxBytes) {
        this.place = place;
        this.type = type;
        this.maxBytes = maxBytes;
    }

    int count() {
        return count;
    }

    void add(String text) {
        keptBytes += keptBytes(text);
        if (keptBytes > maxBytes) {
            throw new InvalidRequestException(place + ": has texts that take more than " + maxBytes
                    + " bytes of memory, " + TEXT_BYTES + " for each and its characters, expected at most that");
        }
        strings.add(text);
        count++;
    }

    /** How much memory the elements of a tensor take that was read. */
    static long keptBytes(Tensor tensor) {
        if (tensor.type() != DataType.STRING) {
            return (long) tensor.elementCount() * tensor.type().sizeBytes();
        }
        long bytes = 0;
        for (int i = 0; i < tensor.elementCount(); i++) {
            bytes += keptBytes(tensor.stringAt(i));
        }
        return bytes;
    }

    private static long keptBytes(String text) {
        return TEXT_BYTES + (isLatin1(text) ? text.length() : 2L * text.length());
    }

    private static boolean isLatin1(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0xff) {
                return false;
            }
        }
        return true;
    }

    void addFloat(float value) {
        room(4).putFloat(value);
    }

    void addDouble(double value) {
        room(8).putDouble(value);
    }

    /** The low bits of an integer that is known to fit. */
    void addInteger(long value) {
        switch (type.sizeBytes()) {
            case 1 -> room(1).put((byte) value);
            case 2 -> room(2).putShort((short) value);
            case 4 -> room(4).putInt((int) value);
            default -> room(8).putLong(value);
        }
    }

    private ByteBuffer room(int size) {
        count++;
        if (bytes.remaining() < size) {
            if (bytes.position() + size > maxBytes) {
                throw tooLarge();
            }
            int grown = (int) Math.min(maxBytes, 2L * bytes.capacity());
            bytes = ByteBuffer.wrap(Arrays.copyOf(bytes.array(), grown))
                    .order(ByteOrder.nativeOrder())
                    .position(bytes.position());
        }
        return bytes;
    }

    private InvalidRequestException tooLarge() {
        return new InvalidRequestException(place + ": has more than " + maxBytes + " bytes, expected at most that");
    }

    Tensor toTensor(Shape shape) {
        if (type == DataType.STRING) {
            return Tensor.ofStrings(strings.toArray(String[]::new), shape.toArray());
        }
        return Tensor.copyOf(type, bytes.flip(), shape);
    }
}
