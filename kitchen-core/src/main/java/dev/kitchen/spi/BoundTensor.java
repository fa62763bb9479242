package dev.kitchen.spi;

import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.Shape;
import java.nio.ByteBuffer;

/**
 * One input or output of a {@link BoundRun}, and the memory it stays in.
 *
 * @param name out of the signature
 * @param type of the elements, not STRING
 * @param shape with all dimensions known
 * @param memory direct, in the machine's byte order, aligned to 64 bytes, from 0 to its capacity; may be empty
 */
public record BoundTensor(String name, DataType type, Shape shape, ByteBuffer memory) {}
