package dev.kitchen.onnx.foreign;

import static dev.kitchen.onnx.foreign.OrtFunction.CREATE_SESSION_OPTIONS;
import static dev.kitchen.onnx.foreign.OrtFunction.DISABLE_CPU_MEM_ARENA;
import static dev.kitchen.onnx.foreign.OrtFunction.DISABLE_PER_SESSION_THREADS;
import static dev.kitchen.onnx.foreign.OrtFunction.ENABLE_CPU_MEM_ARENA;
import static dev.kitchen.onnx.foreign.OrtFunction.REGISTER_CUSTOM_OPS_LIBRARY;
import static dev.kitchen.onnx.foreign.OrtFunction.RELEASE_SESSION_OPTIONS;
import static dev.kitchen.onnx.foreign.OrtFunction.SET_INTER_OP_NUM_THREADS;
import static dev.kitchen.onnx.foreign.OrtFunction.SET_INTRA_OP_NUM_THREADS;
import static dev.kitchen.onnx.foreign.OrtFunction.SET_SESSION_EXECUTION_MODE;
import static dev.kitchen.onnx.foreign.OrtFunction.SET_SESSION_GRAPH_OPTIMIZATION_LEVEL;
import static dev.kitchen.onnx.foreign.OrtFunction.SET_SESSION_LOG_SEVERITY_LEVEL;

import dev.kitchen.error.ModelLoadException;
import dev.kitchen.onnx.run.SessionSettings;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/** The session options of the C API. */
final class ForeignOptions {

    private static final int LOG_FATAL = 4;
    private static final int PARALLEL = 1;
    private static final int SEQUENTIAL = 0;

    private final CApi api;
    private long handle;

    private ForeignOptions(CApi api) {
        this.api = api;
    }

    /** The options; to be released. */
    static ForeignOptions of(CApi api, SessionSettings options) throws CallFailedException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
            ForeignOptions made = new ForeignOptions(api);
            api.call(CREATE_SESSION_OPTIONS, out.address());
            made.handle = out.get(ValueLayout.JAVA_LONG, 0);
            try {
                made.set(arena, options);
                return made;
            } catch (CallFailedException | RuntimeException | Error e) {
                made.release();
                throw e;
            }
        }
    }

    private void set(Arena arena, SessionSettings options) throws CallFailedException {
        api.callInt(SET_SESSION_LOG_SEVERITY_LEVEL, handle, LOG_FATAL);
        if (options.sharedThreads()) {
            api.call(DISABLE_PER_SESSION_THREADS, handle);
        } else {
            api.callInt(SET_INTRA_OP_NUM_THREADS, handle, options.intraOpThreads());
            api.callInt(SET_INTER_OP_NUM_THREADS, handle, options.interOpThreads());
        }
        api.callInt(SET_SESSION_EXECUTION_MODE, handle, options.interOpThreads() > 1 ? PARALLEL : SEQUENTIAL);
        api.callInt(SET_SESSION_GRAPH_OPTIMIZATION_LEVEL, handle, options.optimizationLevel());
        api.call(options.memoryArena() ? ENABLE_CPU_MEM_ARENA : DISABLE_CPU_MEM_ARENA, handle);
        MemorySegment libraryHandle = arena.allocate(ValueLayout.JAVA_LONG);
        for (Path library : options.customOpLibraries()) {
            register(arena, library, libraryHandle);
        }
    }

    /** The library stays loaded until the process ends: sessions keep pointers into it. */
    private void register(Arena arena, Path library, MemorySegment libraryHandle) {
        try {
            api.call(
                    REGISTER_CUSTOM_OPS_LIBRARY,
                    handle,
                    CMemory.text(arena, library.toAbsolutePath().toString()),
                    libraryHandle.address());
        } catch (CallFailedException e) {
            throw new ModelLoadException("custom-op library " + library + ": " + e.getMessage(), e);
        }
    }

    long handle() {
        return handle;
    }

    void release() {
        api.release(RELEASE_SESSION_OPTIONS, handle);
    }
}
