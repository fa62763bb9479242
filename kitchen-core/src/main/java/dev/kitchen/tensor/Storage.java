package dev.kitchen.tensor;

import dev.kitchen.error.InvalidRequestException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Room for a tensor's elements, and the checks that come before it is taken. */
final class Storage {

    private Storage() {}

    static ByteBuffer wrap(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    }

    static byte[] allocate(DataType type, Shape shape) {
        if (type == DataType.STRING) {
            throw new InvalidRequestException("a STRING tensor has no bytes, use ofStrings");
        }
        return new byte[sizeBytes(type, shape)];
    }

    static int sizeBytes(DataType type, Shape shape) {
        if (!shape.isStatic()) {
            throw new InvalidRequestException("tensor has shape " + shape + ", expected all dimensions to be known");
        }
        long count = shape.elementCount();
        if (count > Tensor.MAX_BYTES / Math.max(1, type.sizeBytes())) {
            throw new InvalidRequestException(
                    "tensor " + type + shape + " is larger than " + Tensor.MAX_BYTES + " bytes");
        }
        return (int) count * type.sizeBytes();
    }

    static int requireIndexable(long count) {
        if (count > Tensor.MAX_BYTES) {
            throw new InvalidRequestException(count + " elements do not fit into a Java array");
        }
        return (int) count;
    }

    static Shape requireCount(int count, long... dimensions) {
        Shape shape = Shape.of(dimensions);
        if (!shape.isStatic() || shape.elementCount() != count) {
            String hint = dimensions.length == 0 ? " (no dimensions mean a scalar; a vector has [" + count + "])" : "";
            throw new InvalidRequestException("data has " + count + " elements, shape " + shape + " needs "
                    + (shape.isStatic() ? shape.elementCount() : "all dimensions to be known") + hint);
        }
        return shape;
    }

    static void requireBytes(DataType type, Shape shape, int actual) {
        int expected = sizeBytes(type, shape);
        if (actual != expected || type == DataType.STRING) {
            throw new InvalidRequestException(
                    "buffer has " + actual + " bytes, tensor " + type + shape + " needs " + expected);
        }
    }

    static void requireWidth(DataType type, int sizeBytes) {
        if (type.sizeBytes() != sizeBytes) {
            throw new InvalidRequestException(
                    type + " elements have " + type.sizeBytes() + " bytes, the array's have " + sizeBytes);
        }
    }

    static byte[] requireBooleans(DataType type, byte[] bits) {
        if (type == DataType.BOOL) {
            for (int i = 0; i < bits.length; i++) {
                if (bits[i] < 0 || bits[i] > 1) {
                    throw new InvalidRequestException("BOOL element " + i + " is " + bits[i] + ", expected 0 or 1");
                }
            }
        }
        return bits;
    }

    /** Reverses the bytes of each element. */
    static void swapBytes(byte[] bytes, int elementBytes) {
        for (int element = 0; elementBytes > 1 && element < bytes.length; element += elementBytes) {
            for (int i = 0; i < elementBytes / 2; i++) {
                byte first = bytes[element + i];
                bytes[element + i] = bytes[element + elementBytes - 1 - i];
                bytes[element + elementBytes - 1 - i] = first;
            }
        }
    }
}
