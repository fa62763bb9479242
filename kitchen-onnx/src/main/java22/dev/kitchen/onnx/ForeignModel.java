package dev.kitchen.onnx;

import dev.kitchen.onnx.scan.DeclaredTypes;
import dev.kitchen.spi.ModelMetadata;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.ValueSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks a session of the C API what it takes, what it returns, and what its file says. */
final class ForeignModel {

    private static final int TENSOR = 1;

    private final ForeignRuntime runtime;
    private final CApi api;
    private final long session;
    private final Arena arena;
    private final MemorySegment out;

    ForeignModel(ForeignRuntime runtime, long session, Arena arena) {
        this.runtime = runtime;
        this.api = runtime.api();
        this.session = session;
        this.arena = arena;
        this.out = arena.allocate(ValueLayout.JAVA_LONG);
    }

    /** The inputs by name; with a type where they are tensors. */
    Map<String, Optional<ValueSpec>> inputs() throws CallFailedException {
        return values(31, 37, 34);
    }

    /** The outputs by name; with a type where they are tensors. */
    Map<String, Optional<ValueSpec>> outputs() throws CallFailedException {
        return values(32, 38, 35);
    }

    private Map<String, Optional<ValueSpec>> values(int count, int name, int typeInfo) throws CallFailedException {
        Map<String, Optional<ValueSpec>> values = new LinkedHashMap<>();
        long size = askLong(count);
        for (long i = 0; i < size; i++) {
            api.call(api.function(name), session, i, runtime.allocator(), out.address());
            String text = runtime.takeText(out.get(ValueLayout.JAVA_LONG, 0));
            api.call(api.function(typeInfo), session, i, out.address());
            long info = out.get(ValueLayout.JAVA_LONG, 0);
            try {
                values.put(text, spec(text, info));
            } finally {
                api.release(api.function(99), info);
            }
        }
        return values;
    }

    private long askLong(int function) throws CallFailedException {
        api.call(api.function(function), session, out.address());
        return out.get(ValueLayout.JAVA_LONG, 0);
    }

    private Optional<ValueSpec> spec(String name, long info) throws CallFailedException {
        out.set(ValueLayout.JAVA_LONG, 0, 0);
        api.call(api.function(57), info, out.address());
        if (out.get(ValueLayout.JAVA_INT, 0) != TENSOR) {
            return Optional.empty();
        }
        api.call(api.function(56), info, out.address());
        long tensorInfo = out.get(ValueLayout.JAVA_LONG, 0);
        out.set(ValueLayout.JAVA_LONG, 0, 0);
        api.call(api.function(61), tensorInfo, out.address());
        int type = out.get(ValueLayout.JAVA_INT, 0);
        api.call(api.function(62), tensorInfo, out.address());
        long rank = out.get(ValueLayout.JAVA_LONG, 0);
        MemorySegment dimensions = arena.allocate(ValueLayout.JAVA_LONG, Math.max(1, rank));
        MemorySegment names = arena.allocate(ValueLayout.JAVA_LONG, Math.max(1, rank));
        api.call(api.function(63), tensorInfo, dimensions.address(), rank);
        api.call(api.function(64), tensorInfo, names.address(), rank);
        long[] shape = new long[(int) rank];
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < rank; i++) {
            shape[i] = Math.max(Shape.DYNAMIC, dimensions.getAtIndex(ValueLayout.JAVA_LONG, i));
            texts.add(CMemory.textAt(names.getAtIndex(ValueLayout.JAVA_LONG, i)));
        }
        return DeclaredTypes.elementType(type).map(it -> new TensorSpec(name, it, Shape.of(shape), texts));
    }

    ModelMetadata metadata() throws CallFailedException {
        long metadata = askLong(112);
        try {
            return new ModelMetadata(
                    OnnxBackend.NAME,
                    text(metadata, 113),
                    text(metadata, 114),
                    text(metadata, 115),
                    text(metadata, 116),
                    version(metadata),
                    custom(metadata));
        } finally {
            api.release(api.function(119), metadata);
        }
    }

    private String text(long metadata, int function) throws CallFailedException {
        api.call(api.function(function), metadata, runtime.allocator(), out.address());
        return runtime.takeText(out.get(ValueLayout.JAVA_LONG, 0));
    }

    private long version(long metadata) throws CallFailedException {
        api.call(api.function(118), metadata, out.address());
        return out.get(ValueLayout.JAVA_LONG, 0);
    }

    private Map<String, String> custom(long metadata) throws CallFailedException {
        MemorySegment count = arena.allocate(ValueLayout.JAVA_LONG);
        out.set(ValueLayout.JAVA_LONG, 0, 0);
        api.call(api.function(124), metadata, runtime.allocator(), out.address(), count.address());
        long keys = out.get(ValueLayout.JAVA_LONG, 0);
        long size = count.get(ValueLayout.JAVA_LONG, 0);
        Map<String, String> custom = new HashMap<>();
        long read = 0;
        try {
            while (read < size) {
                long key = CMemory.longAt(keys + 8 * read);
                api.call(api.function(117), metadata, runtime.allocator(), key, out.address());
                String value = runtime.takeText(out.get(ValueLayout.JAVA_LONG, 0));
                read++;
                custom.put(runtime.takeText(key), value);
            }
            return custom;
        } finally {
            freeKeys(keys, read, size);
        }
    }

    /** Frees the keys from an index on, and the array they are in. */
    private void freeKeys(long keys, long from, long size) throws CallFailedException {
        for (long i = from; i < size; i++) {
            api.call(api.function(77), runtime.allocator(), CMemory.longAt(keys + 8 * i));
        }
        if (keys != 0) {
            api.call(api.function(77), runtime.allocator(), keys);
        }
    }
}
