package dev.kitchen.onnx.foreign;

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

    /** The shape it has; null until it has one. */
    @Nullable
    Shape shape() {
        return shape;
    }

    /**
     * Makes it fit; its elements are undefined then. When this throws, it is what it was before: the new memory and
     * handle are made first, then published, and the old ones are freed last.
     */
    @SuppressWarnings("MustBeClosedChecker") // published and closed with this, or closed where a step throws
    void become(CallArena callArena, DataType newType, Shape newShape) throws CallFailedException {
        int bytes = Math.toIntExact(newShape.elementCount() * newType.sizeBytes());
        Arena fresh = arena == null || data.byteSize() < bytes ? Arena.ofShared() : null;
        try {
            MemorySegment memory = fresh == null ? data : allocate(fresh, bytes);
            ByteBuffer newBuffer = memory.asSlice(0, bytes).asByteBuffer().order(ByteOrder.nativeOrder());
            long newHandle = creator.over(callArena.get(), memory.address(), newType, newShape, bytes);
            publish(fresh, memory, newBuffer, newHandle, newType, newShape);
        } catch (CallFailedException | RuntimeException | Error e) {
            if (fresh != null && !fresh.equals(arena)) {
                fresh.close();
            }
            throw e;
        }
    }

    private static MemorySegment allocate(Arena arena, int bytes) {
        return arena.allocate(Math.max(LEAST_BYTES, Integer.highestOneBit(Math.max(1, bytes - 1)) * 2L), LEAST_BYTES);
    }

    private void publish(
            @Nullable Arena newArena,
            MemorySegment newData,
            ByteBuffer newBuffer,
            long newHandle,
            DataType newType,
            Shape newShape) {
        long oldHandle = handle;
        Arena oldArena = arena;
        handle = newHandle;
        data = newData;
        buffer = newBuffer;
        type = newType;
        shape = newShape;
        if (newArena != null) {
            arena = newArena;
        }
        if (oldHandle != 0) {
            creator.release(oldHandle);
        }
        if (newArena != null && oldArena != null) {
            oldArena.close();
        }
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
        long oldHandle = handle;
        Arena oldArena = arena;
        handle = 0;
        arena = null;
        shape = null;
        if (oldHandle != 0) {
            creator.release(oldHandle);
        }
        if (oldArena != null) {
            oldArena.close();
        }
    }
}
