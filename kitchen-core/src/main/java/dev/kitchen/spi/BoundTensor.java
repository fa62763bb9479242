package dev.kitchen.spi;

import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One input or output of a {@link BoundRun}, and the memory it stays in.
 *
 * @param name out of the signature
 * @param type of the elements, not STRING
 * @param shape with all dimensions known
 * @param memory direct, in the machine's byte order, aligned to 64 bytes, as large as the shape needs; its position,
 *     limit and byte order are its owner's to change: take {@link #whole}
 */
public record BoundTensor(String name, DataType type, Shape shape, ByteBuffer memory) {

    /** The memory from 0 to its capacity, whatever its owner has done to position, limit and byte order. */
    public ByteBuffer whole() {
        return memory.duplicate().clear().order(ByteOrder.nativeOrder());
    }
}
