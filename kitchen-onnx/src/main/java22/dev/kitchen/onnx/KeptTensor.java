package dev.kitchen.onnx;

import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Memory for one input or output and ONNX Runtime's tensor over it, kept from run to run while the shape stays. */
final class KeptTensor {

    /** A larger one gets memory of its own for one run, so that idle frames hold little. */
    static final int MAX_BYTES = 4 << 20;

    private static final int LEAST_BYTES = 64;

    private final ForeignInputs creator;
    private @Nullable Arena arena;
    private MemorySegment data = MemorySegment.NULL;
    private ByteBuffer buffer = ByteBuffer.allocate(0);
    private long handle;
    private @Nullable DataType type;
    private @Nullable Shape shape;

    KeptTensor(ForeignInputs creator) {
        this.creator = creator;
    }

    long handle() {
        return handle;
    }

    boolean fits(DataType otherType, Shape otherShape) {
        return otherType == type && shape != null && shape.equals(otherShape);
    }

    /** Makes it fit; its elements are anything then. */
    void become(CallArena callArena, DataType newType, Shape newShape) throws CallFailedException {
        shape = null;
        if (handle != 0) {
            creator.release(handle);
            handle = 0;
        }
        int bytes = Math.toIntExact(newShape.elementCount() * newType.sizeBytes());
        reserve(bytes);
        buffer = data.asSlice(0, bytes).asByteBuffer().order(ByteOrder.nativeOrder());
        handle = creator.over(callArena.get(), data.address(), newType, newShape, bytes);
        type = newType;
        shape = newShape;
    }

    @SuppressWarnings("MustBeClosedChecker") // closed when it is replaced, and in free()
    private void reserve(int bytes) {
        if (arena != null && data.byteSize() >= bytes) {
            return;
        }
        if (arena != null) {
            arena.close();
        }
        arena = Arena.ofShared();
        data = arena.allocate(Math.max(LEAST_BYTES, Integer.highestOneBit(Math.max(1, bytes - 1)) * 2L), LEAST_BYTES);
    }

    /** Takes the elements of a tensor that fits. */
    void write(Tensor tensor) {
        buffer.clear();
        tensor.copyTo(buffer);
    }

    /** Its elements, on the heap. */
    Tensor read() {
        DataType known = type;
        Shape current = shape;
        if (known == null || current == null) {
            throw new IllegalStateException("nothing is kept");
        }
        buffer.clear();
        return Tensor.copyOf(known, buffer, current);
    }

    void free() {
        if (handle != 0) {
            creator.release(handle);
        }
        if (arena != null) {
            arena.close();
        }
    }
}
