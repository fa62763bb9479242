package dev.kitchen.onnx.foreign;

import static dev.kitchen.onnx.foreign.OrtFunction.ALLOCATOR_FREE;
import static dev.kitchen.onnx.foreign.OrtFunction.CREATE_THREADING_OPTIONS;
import static dev.kitchen.onnx.foreign.OrtFunction.DISABLE_TELEMETRY_EVENTS;
import static dev.kitchen.onnx.foreign.OrtFunction.GET_ALLOCATOR_WITH_DEFAULT_OPTIONS;
import static dev.kitchen.onnx.foreign.OrtFunction.RELEASE_THREADING_OPTIONS;
import static dev.kitchen.onnx.foreign.OrtFunction.SET_GLOBAL_INTER_OP_NUM_THREADS;
import static dev.kitchen.onnx.foreign.OrtFunction.SET_GLOBAL_INTRA_OP_NUM_THREADS;

import dev.kitchen.onnx.run.SharedThreads;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * ONNX Runtime, reached through its C API: the environment, and what every session needs. The environment is never
 * freed: the library keeps one for the whole process, and it has to outlive every thread that is still inside.
 */
final class CEnvironment {

    /** Nothing but what ends the process: all else is thrown. */
    private static final int LOG_FATAL = 4;

    private static final int ARENA_ALLOCATOR = 1;
    private static final int DEFAULT_MEMORY = 0;

    private final CApi api;
    private final long environment;
    private final long memoryInfo;
    private final long allocator;

    private CEnvironment(CApi api, long environment, long memoryInfo, long allocator) {
        this.api = api;
        this.environment = environment;
        this.memoryInfo = memoryInfo;
        this.allocator = allocator;
    }

    static CEnvironment create(CApi api) throws CallFailedException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
            long environment = environment(api, out);
            api.call(DISABLE_TELEMETRY_EVENTS, environment);
            api.createCpuMemoryInfo(ARENA_ALLOCATOR, DEFAULT_MEMORY, out.address());
            long memoryInfo = out.get(ValueLayout.JAVA_LONG, 0);
            api.call(GET_ALLOCATOR_WITH_DEFAULT_OPTIONS, out.address());
            return new CEnvironment(api, environment, memoryInfo, out.get(ValueLayout.JAVA_LONG, 0));
        }
    }

    /** One with threads that sessions can share, where nobody made one before. */
    private static long environment(CApi api, MemorySegment out) throws CallFailedException {
        api.call(CREATE_THREADING_OPTIONS, out.address());
        long threads = out.get(ValueLayout.JAVA_LONG, 0);
        try {
            api.callInt(SET_GLOBAL_INTRA_OP_NUM_THREADS, threads, SharedThreads.count());
            api.callInt(SET_GLOBAL_INTER_OP_NUM_THREADS, threads, 1);
            api.createEnvironment(LOG_FATAL, CMemory.text(Arena.global(), "kitchen"), threads, out.address());
            return out.get(ValueLayout.JAVA_LONG, 0);
        } finally {
            api.release(RELEASE_THREADING_OPTIONS, threads);
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
                api.call(ALLOCATOR_FREE, allocator, address);
            }
        }
    }
}
