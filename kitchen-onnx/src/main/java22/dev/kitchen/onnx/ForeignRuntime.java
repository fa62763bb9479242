package dev.kitchen.onnx;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * ONNX Runtime, reached through its C API: the environment, and what every session needs. The environment is never
 * freed: the library keeps one for the whole process, and it has to outlive every thread that is still inside.
 */
final class ForeignRuntime {

    /** Nothing but what ends the process: all else is thrown. */
    private static final int LOG_FATAL = 4;

    private static final int ARENA_ALLOCATOR = 1;
    private static final int DEFAULT_MEMORY = 0;

    private final CApi api;
    private final long environment;
    private final long memoryInfo;
    private final long allocator;

    private ForeignRuntime(CApi api, long environment, long memoryInfo, long allocator) {
        this.api = api;
        this.environment = environment;
        this.memoryInfo = memoryInfo;
        this.allocator = allocator;
    }

    static ForeignRuntime create(CApi api) throws CallFailedException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
            long environment = environment(api, out);
            api.call(api.function(7), environment); // DisableTelemetryEvents
            api.check((long)
                    CFunctions.LONG_IIL.invokeExact(api.function(70), ARENA_ALLOCATOR, DEFAULT_MEMORY, out.address()));
            long memoryInfo = out.get(ValueLayout.JAVA_LONG, 0);
            api.call(api.function(79), out.address()); // GetAllocatorWithDefaultOptions
            return new ForeignRuntime(api, environment, memoryInfo, out.get(ValueLayout.JAVA_LONG, 0));
        } catch (CallFailedException e) {
            throw e;
        } catch (Throwable e) {
            throw CApi.unchecked(e);
        }
    }

    /** One with threads that sessions can share, where nobody made one before. */
    private static long environment(CApi api, MemorySegment out) throws Throwable {
        api.call(api.function(122), out.address()); // CreateThreadingOptions
        long threads = out.get(ValueLayout.JAVA_LONG, 0);
        try {
            api.callInt(api.function(148), threads, SharedThreads.count()); // SetGlobalIntraOpNumThreads
            api.callInt(api.function(149), threads, 1); // SetGlobalInterOpNumThreads
            // CreateEnvWithGlobalThreadPools
            api.check((long) CFunctions.LONG_ILLL.invokeExact(
                    api.function(120), LOG_FATAL, CMemory.text(Arena.global(), "kitchen"), threads, out.address()));
            return out.get(ValueLayout.JAVA_LONG, 0);
        } finally {
            api.release(api.function(123), threads);
        }
    }

    CApi api() {
        return api;
    }

    long environment() {
        return environment;
    }

    /** Where tensors over Kitchen's memory lie: on the CPU. */
    long memoryInfo() {
        return memoryInfo;
    }

    /** ONNX Runtime's own allocator for small things; not to be freed. */
    long allocator() {
        return allocator;
    }

    /** The text that the allocator made, which is freed. */
    String takeText(long address) throws CallFailedException {
        try {
            return CMemory.textAt(address);
        } finally {
            if (address != 0) {
                api.call(api.function(77), allocator, address);
            }
        }
    }
}
