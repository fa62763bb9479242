package dev.kitchen.onnx.foreign;

import static dev.kitchen.onnx.foreign.OrtFunction.ALLOCATOR_FREE;
import static dev.kitchen.onnx.foreign.OrtFunction.CAST_TYPE_INFO_TO_TENSOR_INFO;
import static dev.kitchen.onnx.foreign.OrtFunction.GET_DIMENSIONS;
import static dev.kitchen.onnx.foreign.OrtFunction.GET_DIMENSIONS_COUNT;
import static dev.kitchen.onnx.foreign.OrtFunction.GET_ONNX_TYPE_FROM_TYPE_INFO;
import static dev.kitchen.onnx.foreign.OrtFunction.GET_SYMBOLIC_DIMENSIONS;
import static dev.kitchen.onnx.foreign.OrtFunction.GET_TENSOR_ELEMENT_TYPE;
import static dev.kitchen.onnx.foreign.OrtFunction.MODEL_METADATA_GET_CUSTOM_METADATA_MAP_KEYS;
import static dev.kitchen.onnx.foreign.OrtFunction.MODEL_METADATA_GET_DESCRIPTION;
import static dev.kitchen.onnx.foreign.OrtFunction.MODEL_METADATA_GET_DOMAIN;
import static dev.kitchen.onnx.foreign.OrtFunction.MODEL_METADATA_GET_GRAPH_NAME;
import static dev.kitchen.onnx.foreign.OrtFunction.MODEL_METADATA_GET_PRODUCER_NAME;
import static dev.kitchen.onnx.foreign.OrtFunction.MODEL_METADATA_GET_VERSION;
import static dev.kitchen.onnx.foreign.OrtFunction.MODEL_METADATA_LOOKUP_CUSTOM_METADATA_MAP;
import static dev.kitchen.onnx.foreign.OrtFunction.RELEASE_MODEL_METADATA;
import static dev.kitchen.onnx.foreign.OrtFunction.RELEASE_TYPE_INFO;
import static dev.kitchen.onnx.foreign.OrtFunction.SESSION_GET_INPUT_COUNT;
import static dev.kitchen.onnx.foreign.OrtFunction.SESSION_GET_INPUT_NAME;
import static dev.kitchen.onnx.foreign.OrtFunction.SESSION_GET_INPUT_TYPE_INFO;
import static dev.kitchen.onnx.foreign.OrtFunction.SESSION_GET_MODEL_METADATA;
import static dev.kitchen.onnx.foreign.OrtFunction.SESSION_GET_OUTPUT_COUNT;
import static dev.kitchen.onnx.foreign.OrtFunction.SESSION_GET_OUTPUT_NAME;
import static dev.kitchen.onnx.foreign.OrtFunction.SESSION_GET_OUTPUT_TYPE_INFO;

import dev.kitchen.onnx.run.OnnxRuntimeApi;
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

    private final CEnvironment runtime;
    private final CApi api;
    private final long session;
    private final Arena arena;
    private final MemorySegment out;

    ForeignModel(CEnvironment runtime, long session, Arena arena) {
        this.runtime = runtime;
        this.api = runtime.api();
        this.session = session;
        this.arena = arena;
        this.out = arena.allocate(ValueLayout.JAVA_LONG);
    }

    /** The inputs by name; with a type where they are tensors. */
    Map<String, Optional<ValueSpec>> inputs() throws CallFailedException {
        return values(SESSION_GET_INPUT_COUNT, SESSION_GET_INPUT_NAME, SESSION_GET_INPUT_TYPE_INFO);
    }

    /** The outputs by name; with a type where they are tensors. */
    Map<String, Optional<ValueSpec>> outputs() throws CallFailedException {
        return values(SESSION_GET_OUTPUT_COUNT, SESSION_GET_OUTPUT_NAME, SESSION_GET_OUTPUT_TYPE_INFO);
    }

    private Map<String, Optional<ValueSpec>> values(OrtFunction count, OrtFunction name, OrtFunction typeInfo)
            throws CallFailedException {
        Map<String, Optional<ValueSpec>> values = new LinkedHashMap<>();
        long size = askLong(count);
        for (long i = 0; i < size; i++) {
            api.call(name, session, i, runtime.allocator(), out.address());
            String text = runtime.takeText(out.get(ValueLayout.JAVA_LONG, 0));
            api.call(typeInfo, session, i, out.address());
            long info = out.get(ValueLayout.JAVA_LONG, 0);
            try {
                values.put(text, spec(text, info));
            } finally {
                api.release(RELEASE_TYPE_INFO, info);
            }
        }
        return values;
    }

    private long askLong(OrtFunction function) throws CallFailedException {
        api.call(function, session, out.address());
        return out.get(ValueLayout.JAVA_LONG, 0);
    }

    private Optional<ValueSpec> spec(String name, long info) throws CallFailedException {
        out.set(ValueLayout.JAVA_LONG, 0, 0);
        api.call(GET_ONNX_TYPE_FROM_TYPE_INFO, info, out.address());
        if (out.get(ValueLayout.JAVA_INT, 0) != TENSOR) {
            return Optional.empty();
        }
        api.call(CAST_TYPE_INFO_TO_TENSOR_INFO, info, out.address());
        long tensorInfo = out.get(ValueLayout.JAVA_LONG, 0);
        out.set(ValueLayout.JAVA_LONG, 0, 0);
        api.call(GET_TENSOR_ELEMENT_TYPE, tensorInfo, out.address());
        int type = out.get(ValueLayout.JAVA_INT, 0);
        api.call(GET_DIMENSIONS_COUNT, tensorInfo, out.address());
        long rank = out.get(ValueLayout.JAVA_LONG, 0);
        MemorySegment dimensions = arena.allocate(ValueLayout.JAVA_LONG, Math.max(1, rank));
        MemorySegment names = arena.allocate(ValueLayout.JAVA_LONG, Math.max(1, rank));
        api.call(GET_DIMENSIONS, tensorInfo, dimensions.address(), rank);
        api.call(GET_SYMBOLIC_DIMENSIONS, tensorInfo, names.address(), rank);
        long[] shape = new long[(int) rank];
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < rank; i++) {
            shape[i] = Math.max(Shape.DYNAMIC, dimensions.getAtIndex(ValueLayout.JAVA_LONG, i));
            texts.add(CMemory.textAt(names.getAtIndex(ValueLayout.JAVA_LONG, i)));
        }
        return DeclaredTypes.elementType(type).map(it -> new TensorSpec(name, it, Shape.of(shape), texts));
    }

    ModelMetadata metadata() throws CallFailedException {
        long metadata = askLong(SESSION_GET_MODEL_METADATA);
        try {
            return new ModelMetadata(
                    OnnxRuntimeApi.NAME,
                    text(metadata, MODEL_METADATA_GET_PRODUCER_NAME),
                    text(metadata, MODEL_METADATA_GET_GRAPH_NAME),
                    text(metadata, MODEL_METADATA_GET_DOMAIN),
                    text(metadata, MODEL_METADATA_GET_DESCRIPTION),
                    version(metadata),
                    custom(metadata));
        } finally {
            api.release(RELEASE_MODEL_METADATA, metadata);
        }
    }

    private String text(long metadata, OrtFunction function) throws CallFailedException {
        api.call(function, metadata, runtime.allocator(), out.address());
        return runtime.takeText(out.get(ValueLayout.JAVA_LONG, 0));
    }

    private long version(long metadata) throws CallFailedException {
        api.call(MODEL_METADATA_GET_VERSION, metadata, out.address());
        return out.get(ValueLayout.JAVA_LONG, 0);
    }

    private Map<String, String> custom(long metadata) throws CallFailedException {
        MemorySegment count = arena.allocate(ValueLayout.JAVA_LONG);
        out.set(ValueLayout.JAVA_LONG, 0, 0);
        api.call(
                MODEL_METADATA_GET_CUSTOM_METADATA_MAP_KEYS,
                metadata,
                runtime.allocator(),
                out.address(),
                count.address());
        long keys = out.get(ValueLayout.JAVA_LONG, 0);
        long size = count.get(ValueLayout.JAVA_LONG, 0);
        Map<String, String> custom = new HashMap<>();
        long read = 0;
        try {
            while (read < size) {
                long key = CMemory.longAt(keys + 8 * read);
                api.call(MODEL_METADATA_LOOKUP_CUSTOM_METADATA_MAP, metadata, runtime.allocator(), key, out.address());
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
            api.call(ALLOCATOR_FREE, runtime.allocator(), CMemory.longAt(keys + 8 * i));
        }
        if (keys != 0) {
            api.call(ALLOCATOR_FREE, runtime.allocator(), keys);
        }
    }
}
