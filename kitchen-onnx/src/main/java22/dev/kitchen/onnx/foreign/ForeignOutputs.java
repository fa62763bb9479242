package dev.kitchen.onnx.foreign;

import static dev.kitchen.onnx.foreign.OrtFunction.GET_DIMENSIONS;
import static dev.kitchen.onnx.foreign.OrtFunction.GET_DIMENSIONS_COUNT;
import static dev.kitchen.onnx.foreign.OrtFunction.GET_STRING_TENSOR_CONTENT;
import static dev.kitchen.onnx.foreign.OrtFunction.GET_STRING_TENSOR_DATA_LENGTH;
import static dev.kitchen.onnx.foreign.OrtFunction.GET_TENSOR_ELEMENT_TYPE;
import static dev.kitchen.onnx.foreign.OrtFunction.GET_TENSOR_MUTABLE_DATA;
import static dev.kitchen.onnx.foreign.OrtFunction.GET_TENSOR_TYPE_AND_SHAPE;
import static dev.kitchen.onnx.foreign.OrtFunction.GET_VALUE_COUNT;
import static dev.kitchen.onnx.foreign.OrtFunction.GET_VALUE_TYPE;
import static dev.kitchen.onnx.foreign.OrtFunction.HAS_VALUE;
import static dev.kitchen.onnx.foreign.OrtFunction.RELEASE_TENSOR_TYPE_AND_SHAPE_INFO;
import static dev.kitchen.onnx.foreign.OrtFunction.RELEASE_VALUE;

import dev.kitchen.onnx.run.ElementLimits;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.EmptyOptional;
import dev.kitchen.tensor.MapValue;
import dev.kitchen.tensor.SequenceValue;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Copies ONNX Runtime's values to the heap; releases none that it was given. */
final class ForeignOutputs {

    private static final int TENSOR = 1;
    private static final int SEQUENCE = 2;
    private static final int MAP = 3;

    private final CEnvironment runtime;
    private final ElementLimits limits;
    private final CApi api;

    ForeignOutputs(CEnvironment runtime, ElementLimits limits) {
        this.runtime = runtime;
        this.limits = limits;
        this.api = runtime.api();
    }

    /** A value that is known to be a tensor with numbers; {@code out} is room for 8 longs or more. */
    Tensor readNumbers(long value, MemorySegment out) throws CallFailedException {
        api.call(GET_TENSOR_TYPE_AND_SHAPE, value, out.address());
        long info = out.get(ValueLayout.JAVA_LONG, 0);
        try {
            out.set(ValueLayout.JAVA_LONG, 0, 0);
            api.call(GET_TENSOR_ELEMENT_TYPE, info, out.address());
            DataType type = ForeignTypes.type(out.get(ValueLayout.JAVA_INT, 0));
            return numbers(value, type, smallShape(info, out), out);
        } finally {
            api.release(RELEASE_TENSOR_TYPE_AND_SHAPE_INFO, info);
        }
    }

    private Shape smallShape(long info, MemorySegment out) throws CallFailedException {
        api.call(GET_DIMENSIONS_COUNT, info, out.address());
        int rank = (int) out.get(ValueLayout.JAVA_LONG, 0);
        if (8L * rank > out.byteSize()) {
            try (Arena arena = Arena.ofConfined()) {
                return shape(arena, info, out);
            }
        }
        api.call(GET_DIMENSIONS, info, out.address(), rank);
        long[] dimensions = new long[rank];
        MemorySegment.copy(out, ValueLayout.JAVA_LONG, 0, dimensions, 0, rank);
        return Shape.of(dimensions);
    }

    Value read(Arena arena, long value) throws CallFailedException {
        MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
        if (value == 0 || !hasValue(value, out)) {
            return new EmptyOptional();
        }
        out.set(ValueLayout.JAVA_LONG, 0, 0);
        api.call(GET_VALUE_TYPE, value, out.address());
        int kind = out.get(ValueLayout.JAVA_INT, 0);
        return switch (kind) {
            case TENSOR -> tensor(arena, value, out);
            case SEQUENCE -> sequence(arena, value, out);
            case MAP -> map(arena, value);
            default -> throw new IllegalArgumentException("it is of ONNX Runtime's kind " + kind);
        };
    }

    private boolean hasValue(long value, MemorySegment out) throws CallFailedException {
        out.set(ValueLayout.JAVA_LONG, 0, 0);
        api.call(HAS_VALUE, value, out.address());
        return out.get(ValueLayout.JAVA_INT, 0) != 0;
    }

    private Tensor tensor(Arena arena, long value, MemorySegment out) throws CallFailedException {
        api.call(GET_TENSOR_TYPE_AND_SHAPE, value, out.address());
        long info = out.get(ValueLayout.JAVA_LONG, 0);
        try {
            out.set(ValueLayout.JAVA_LONG, 0, 0);
            api.call(GET_TENSOR_ELEMENT_TYPE, info, out.address());
            DataType type = ForeignTypes.type(out.get(ValueLayout.JAVA_INT, 0));
            Shape shape = shape(arena, info, out);
            return type == DataType.STRING ? strings(arena, value, shape) : numbers(value, type, shape, out);
        } finally {
            api.release(RELEASE_TENSOR_TYPE_AND_SHAPE_INFO, info);
        }
    }

    private Shape shape(Arena arena, long info, MemorySegment out) throws CallFailedException {
        api.call(GET_DIMENSIONS_COUNT, info, out.address());
        long rank = out.get(ValueLayout.JAVA_LONG, 0);
        MemorySegment dimensions = arena.allocate(ValueLayout.JAVA_LONG, Math.max(1, rank));
        api.call(GET_DIMENSIONS, info, dimensions.address(), rank);
        return Shape.of(dimensions.asSlice(0, rank * 8).toArray(ValueLayout.JAVA_LONG));
    }

    private Tensor numbers(long value, DataType type, Shape shape, MemorySegment out) throws CallFailedException {
        limits.checkRead(shape);
        if (shape.elementCount() > Tensor.MAX_BYTES / type.sizeBytes()) {
            throw new IllegalArgumentException(type + " tensor of shape " + shape + " is larger than "
                    + Tensor.MAX_BYTES + " bytes, the most that fits into a Java array");
        }
        api.call(GET_TENSOR_MUTABLE_DATA, value, out.address());
        long bytes = shape.elementCount() * type.sizeBytes();
        MemorySegment data = CMemory.at(out.get(ValueLayout.JAVA_LONG, 0), bytes);
        return Tensor.copyOf(type, data.asByteBuffer().order(ByteOrder.nativeOrder()), shape);
    }

    private Tensor strings(Arena arena, long value, Shape shape) throws CallFailedException {
        limits.checkRead(shape);
        int count = Math.toIntExact(shape.elementCount());
        String[] strings = new String[count];
        if (count > 0) {
            MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
            api.call(GET_STRING_TENSOR_DATA_LENGTH, value, out.address());
            long length = out.get(ValueLayout.JAVA_LONG, 0);
            MemorySegment content = arena.allocate(Math.max(1, length));
            MemorySegment offsets = arena.allocate(ValueLayout.JAVA_LONG, count);
            api.call(GET_STRING_TENSOR_CONTENT, value, content.address(), length, offsets.address(), count);
            for (int i = 0; i < count; i++) {
                long start = offsets.getAtIndex(ValueLayout.JAVA_LONG, i);
                long end = i == count - 1 ? length : offsets.getAtIndex(ValueLayout.JAVA_LONG, i + 1L);
                byte[] text = content.asSlice(start, end - start).toArray(ValueLayout.JAVA_BYTE);
                strings[i] = new String(text, StandardCharsets.UTF_8);
            }
        }
        return Tensor.ofStrings(strings, shape.toArray());
    }

    private SequenceValue sequence(Arena arena, long value, MemorySegment out) throws CallFailedException {
        api.call(GET_VALUE_COUNT, value, out.address());
        long count = out.get(ValueLayout.JAVA_LONG, 0);
        List<Value> elements = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            elements.add(element(arena, value, i));
        }
        return new SequenceValue(elements);
    }

    private MapValue map(Arena arena, long value) throws CallFailedException {
        Tensor keys = (Tensor) element(arena, value, 0);
        Tensor values = (Tensor) element(arena, value, 1);
        Map<Object, Object> entries = new LinkedHashMap<>();
        for (int i = 0; i < keys.elementCount(); i++) {
            entries.put(boxed(keys, i), boxed(values, i));
        }
        return MapValue.of(keys.type(), values.type(), entries);
    }

    private static Object boxed(Tensor tensor, int index) {
        return switch (tensor.type()) {
            case STRING -> tensor.stringAt(index);
            case FLOAT -> tensor.floatAt(index);
            case DOUBLE -> tensor.doubleAt(index);
            default -> tensor.longAt(index);
        };
    }

    private Value element(Arena arena, long value, int index) throws CallFailedException {
        MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
        api.getValue(value, index, runtime.allocator(), out.address());
        long element = out.get(ValueLayout.JAVA_LONG, 0);
        try {
            return read(arena, element);
        } finally {
            api.release(RELEASE_VALUE, element);
        }
    }
}
