package dev.kitchen.onnx;

import dev.kitchen.error.ModelLoadException;
import dev.kitchen.onnx.OnnxOptions.Optimization;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/** Session options in the words of the C API. */
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
    static ForeignOptions of(CApi api, OnnxOptions options) throws CallFailedException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
            ForeignOptions made = new ForeignOptions(api);
            api.call(api.function(11), out.address()); // CreateSessionOptions
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

    private void set(Arena arena, OnnxOptions options) throws CallFailedException {
        api.callInt(api.function(23), handle, LOG_FATAL);
        if (options.sharedThreads()) {
            api.call(api.function(121), handle); // DisablePerSessionThreads
        } else {
            api.callInt(api.function(25), handle, options.intraOpThreads());
            api.callInt(api.function(26), handle, options.interOpThreads());
        }
        api.callInt(api.function(14), handle, options.interOpThreads() > 1 ? PARALLEL : SEQUENTIAL);
        api.callInt(api.function(24), handle, level(options.optimization()));
        api.call(api.function(options.memoryArena() ? 19 : 20), handle);
        MemorySegment libraryHandle = arena.allocate(ValueLayout.JAVA_LONG);
        for (Path library : options.customOpLibraries()) {
            register(arena, library, libraryHandle);
        }
    }

    private static int level(Optimization optimization) {
        return switch (optimization) {
            case NONE -> 0;
            case BASIC -> 1;
            case EXTENDED -> 2;
            case ALL -> 99;
        };
    }

    /** The library stays loaded until the process ends: sessions keep pointers into it. */
    private void register(Arena arena, Path library, MemorySegment libraryHandle) {
        try {
            api.call(
                    api.function(30),
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
        api.release(api.function(101), handle);
    }
}
