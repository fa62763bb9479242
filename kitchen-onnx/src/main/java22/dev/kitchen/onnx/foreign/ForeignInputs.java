package dev.kitchen.onnx.foreign;

import static dev.kitchen.onnx.foreign.OrtFunction.GET_RESIZED_STRING_TENSOR_ELEMENT_BUFFER;
import static dev.kitchen.onnx.foreign.OrtFunction.RELEASE_VALUE;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.MapValue;
import dev.kitchen.tensor.SequenceValue;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Makes ONNX Runtime's values out of Kitchen's. Whoever asks for one releases it. */
final class ForeignInputs {

    private static final int SEQUENCE = 2;
    private static final int MAP = 3;

    private final CEnvironment runtime;
    private final CApi api;

    ForeignInputs(CEnvironment runtime) {
        this.runtime = runtime;
        this.api = runtime.api();
    }

    /**
     * A value over a copy of the data, or over the caller's own memory where it is lent.
     *
     * @param arena what the value lies in; to live as long as the value
     */
    long create(Arena arena, Value value) throws CallFailedException {
        if (value instanceof Tensor tensor) {
            return tensor.type() == DataType.STRING ? strings(arena, tensor) : numbers(arena, tensor);
        } else if (value instanceof SequenceValue sequence) {
            return sequence(arena, sequence.elements());
        }
        return map(arena, (MapValue) value);
    }

    private long numbers(Arena arena, Tensor tensor) throws CallFailedException {
        MemorySegment data = tensor.isBorrowed()
                ? MemorySegment.ofBuffer(tensor.bytes())
                : copy(arena.allocate(Math.max(1, tensor.sizeBytes()), 64), tensor);
        return over(arena, data.address(), tensor.type(), tensor.shape(), tensor.sizeBytes());
    }

    private static MemorySegment copy(MemorySegment target, Tensor tensor) {
        ByteBuffer buffer = target.asByteBuffer().order(ByteOrder.nativeOrder());
        tensor.copyTo(buffer);
        return target;
    }

    /** A tensor of this type and shape over memory that has its elements. */
    long over(Arena arena, long address, DataType type, Shape ofShape, long bytes) throws CallFailedException {
        long[] dimensions = ofShape.toArray();
        MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
        MemorySegment shape = shape(arena, dimensions);
        api.createTensor(
                runtime.memoryInfo(),
                address,
                bytes,
                shape.address(),
                dimensions.length,
                ForeignTypes.number(type),
                out.address());
        return out.get(ValueLayout.JAVA_LONG, 0);
    }

    private static MemorySegment shape(Arena arena, long[] dimensions) {
        MemorySegment shape = arena.allocate(ValueLayout.JAVA_LONG, Math.max(1, dimensions.length));
        MemorySegment.copy(dimensions, 0, shape, ValueLayout.JAVA_LONG, 0, dimensions.length);
        return shape;
    }

    private long strings(Arena arena, Tensor tensor) throws CallFailedException {
        long[] dimensions = tensor.shape().toArray();
        MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
        api.createTensor(
                runtime.allocator(),
                shape(arena, dimensions).address(),
                dimensions.length,
                ForeignTypes.number(DataType.STRING),
                out.address());
        long value = out.get(ValueLayout.JAVA_LONG, 0);
        try {
            fill(value, out, tensor.toStringArray());
            return value;
        } catch (CallFailedException | RuntimeException | Error e) {
            release(value);
            throw e;
        }
    }

    /** Element by element with its length, so that zero characters are like any others. */
    private void fill(long value, MemorySegment out, String[] strings) throws CallFailedException {
        for (int i = 0; i < strings.length; i++) {
            byte[] text = strings[i].getBytes(StandardCharsets.UTF_8);
            requireUnicode(strings[i], i);
            api.call(GET_RESIZED_STRING_TENSOR_ELEMENT_BUFFER, value, i, text.length, out.address());
            MemorySegment target = CMemory.at(out.get(ValueLayout.JAVA_LONG, 0), text.length);
            MemorySegment.copy(text, 0, target, ValueLayout.JAVA_BYTE, 0, text.length);
        }
    }

    private static void requireUnicode(String text, int index) {
        if (text.codePoints().anyMatch(it -> it >= Character.MIN_SURROGATE && it <= Character.MAX_SURROGATE)) {
            throw new InvalidRequestException(
                    "string " + index + " has half of a surrogate pair, expected Unicode text");
        }
    }

    private long sequence(Arena arena, List<Value> elements) throws CallFailedException {
        if (elements.isEmpty()) {
            throw new InvalidRequestException("a sequence has no elements, expected at least one: ONNX Runtime cannot"
                    + " tell of what an empty one is");
        }
        return compound(arena, elements, SEQUENCE);
    }

    private long map(Arena arena, MapValue map) throws CallFailedException {
        Map<Object, Object> entries = map.entries();
        long[] shape = {entries.size()};
        return compound(
                arena,
                List.of(
                        tensor(map.keyType(), entries.keySet().toArray(), shape),
                        tensor(map.valueType(), entries.values().toArray(), shape)),
                MAP);
    }

    private static Tensor tensor(DataType type, Object[] elements, long[] shape) {
        return switch (type) {
            case STRING -> Tensor.ofStrings(List.of(elements).toArray(String[]::new), shape);
            case INT64 ->
                Tensor.of(List.of(elements).stream().mapToLong(Long.class::cast).toArray(), shape);
            case DOUBLE ->
                Tensor.of(
                        List.of(elements).stream()
                                .mapToDouble(Double.class::cast)
                                .toArray(),
                        shape);
            default -> {
                float[] floats = new float[elements.length];
                for (int i = 0; i < floats.length; i++) {
                    floats[i] = (Float) elements[i];
                }
                yield Tensor.of(floats, shape);
            }
        };
    }

    /** The parts are copied into the whole, so they are released at once. */
    private long compound(Arena arena, List<? extends Value> parts, int kind) throws CallFailedException {
        MemorySegment handles = arena.allocate(ValueLayout.JAVA_LONG, parts.size());
        MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
        int made = 0;
        try {
            for (Value part : parts) {
                handles.setAtIndex(ValueLayout.JAVA_LONG, made, create(arena, part));
                made++;
            }
            api.createValue(handles.address(), parts.size(), kind, out.address());
            return out.get(ValueLayout.JAVA_LONG, 0);
        } finally {
            for (int i = 0; i < made; i++) {
                release(handles.getAtIndex(ValueLayout.JAVA_LONG, i));
            }
        }
    }

    void release(long value) {
        api.release(RELEASE_VALUE, value);
    }
}
