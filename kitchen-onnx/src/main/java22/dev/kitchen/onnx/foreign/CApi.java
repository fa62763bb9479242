package dev.kitchen.onnx.foreign;

import static dev.kitchen.onnx.foreign.OrtFunction.CREATE_CPU_MEMORY_INFO;
import static dev.kitchen.onnx.foreign.OrtFunction.CREATE_ENV_WITH_GLOBAL_THREAD_POOLS;
import static dev.kitchen.onnx.foreign.OrtFunction.CREATE_TENSOR_AS_ORT_VALUE;
import static dev.kitchen.onnx.foreign.OrtFunction.CREATE_TENSOR_WITH_DATA_AS_ORT_VALUE;
import static dev.kitchen.onnx.foreign.OrtFunction.CREATE_VALUE;
import static dev.kitchen.onnx.foreign.OrtFunction.GET_ERROR_CODE;
import static dev.kitchen.onnx.foreign.OrtFunction.GET_ERROR_MESSAGE;
import static dev.kitchen.onnx.foreign.OrtFunction.GET_VALUE;
import static dev.kitchen.onnx.foreign.OrtFunction.RELEASE_STATUS;
import static dev.kitchen.onnx.foreign.OrtFunction.RUN;
import static dev.kitchen.onnx.foreign.OrtFunction.RUN_WITH_BINDING;

import dev.kitchen.error.ConfigurationException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Calls ONNX Runtime's C functions, which it takes from the library's table. A call that fails throws a {@link
 * CallFailedException}. Calls allocate nothing on the Java heap. Thread-safe.
 */
@SuppressWarnings("restricted") // native access is what this is for
final class CApi {

    /** The version of the table whose functions are called here; newer libraries have it too. */
    private static final int API_VERSION = 23;

    /** The size of the part of the table that is read, which has all functions called here. */
    private static final int TABLE_SLOTS = 256;

    /** The addresses of the functions that are called, by their slots. */
    private final MemorySegment[] functions = new MemorySegment[TABLE_SLOTS + 1];

    private final String version;

    private CApi(MemorySegment table, String version) {
        for (OrtFunction function : OrtFunction.values()) {
            functions[function.slot()] = table.getAtIndex(ValueLayout.ADDRESS, function.slot() - 1L);
        }
        this.version = version;
    }

    /**
     * Loads a library, which stays loaded until the process ends.
     *
     * @throws ConfigurationException if the library is not ONNX Runtime 1.23 or newer
     * @throws IllegalCallerException if the JVM denies native access
     */
    static CApi load(Path library) {
        SymbolLookup symbols = SymbolLookup.libraryLookup(library, Arena.global());
        Optional<MemorySegment> getApiBase = symbols.find("OrtGetApiBase");
        if (getApiBase.isEmpty()) {
            throw new ConfigurationException("library " + library + " is not ONNX Runtime: it has no OrtGetApiBase");
        }
        try {
            MemorySegment base = CMemory.at((long) CFunctions.LONG.invokeExact(getApiBase.get()), 16);
            MemorySegment getApi = base.get(ValueLayout.ADDRESS, 0);
            MemorySegment getVersion = base.get(ValueLayout.ADDRESS, 8);
            String version = CMemory.textAt((long) CFunctions.LONG.invokeExact(getVersion));
            long address = (long) CFunctions.LONG_I.invokeExact(getApi, API_VERSION);
            if (address == 0) {
                throw new ConfigurationException("library " + library + " is ONNX Runtime " + version
                        + ", which does not have version " + API_VERSION + " of the C API; use 1.23 or newer");
            }
            return new CApi(CMemory.at(address, TABLE_SLOTS * 8L), version);
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    /** Method handles of C functions throw unchecked exceptions only. */
    private static RuntimeException unchecked(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException exception ? exception : new IllegalStateException(e);
    }

    String version() {
        return version;
    }

    private MemorySegment address(OrtFunction function) {
        return functions[function.slot()];
    }

    /** Throws if the status is a failure, and frees it. */
    private void check(long status) throws CallFailedException {
        if (status != 0) {
            throw failure(status);
        }
    }

    private CallFailedException failure(long status) {
        try {
            int code = (int) CFunctions.INT_L.invokeExact(address(GET_ERROR_CODE), status);
            String message = CMemory.textAt((long) CFunctions.LONG_L.invokeExact(address(GET_ERROR_MESSAGE), status));
            CFunctions.VOID_L.invokeExact(address(RELEASE_STATUS), status);
            return new CallFailedException(code, message);
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    /** Runs a session, and puts the addresses of the answers into {@code outputs}. */
    void run(
            long session,
            long runOptions,
            long inputNames,
            long inputs,
            long inputCount,
            long outputNames,
            long outputCount,
            long outputs)
            throws CallFailedException {
        long status;
        try {
            status = (long) CFunctions.LONG_LLLLLLLL.invokeExact(
                    address(RUN),
                    session,
                    runOptions,
                    inputNames,
                    inputs,
                    inputCount,
                    outputNames,
                    outputCount,
                    outputs);
        } catch (Throwable e) {
            throw unchecked(e);
        }
        check(status);
    }

    void runWithBinding(long session, long runOptions, long binding) throws CallFailedException {
        long status;
        try {
            status = (long) CFunctions.LONG_LLL.invokeExact(address(RUN_WITH_BINDING), session, runOptions, binding);
        } catch (Throwable e) {
            throw unchecked(e);
        }
        check(status);
    }

    /** Creates a tensor over memory that has its elements. */
    void createTensor(long memoryInfo, long data, long bytes, long shape, long rank, int type, long out)
            throws CallFailedException {
        long status;
        try {
            status = (long) CFunctions.LONG_LLLLLIL.invokeExact(
                    address(CREATE_TENSOR_WITH_DATA_AS_ORT_VALUE), memoryInfo, data, bytes, shape, rank, type, out);
        } catch (Throwable e) {
            throw unchecked(e);
        }
        check(status);
    }

    /** Creates a tensor whose memory ONNX Runtime allocates. */
    void createTensor(long allocator, long shape, long rank, int type, long out) throws CallFailedException {
        long status;
        try {
            status = (long) CFunctions.LONG_LLLIL.invokeExact(
                    address(CREATE_TENSOR_AS_ORT_VALUE), allocator, shape, rank, type, out);
        } catch (Throwable e) {
            throw unchecked(e);
        }
        check(status);
    }

    /** Creates a sequence or a map, depending on the kind, with copies of values. */
    void createValue(long values, long count, int kind, long out) throws CallFailedException {
        long status;
        try {
            status = (long) CFunctions.LONG_LLIL.invokeExact(address(CREATE_VALUE), values, count, kind, out);
        } catch (Throwable e) {
            throw unchecked(e);
        }
        check(status);
    }

    /** Copies an element out of a sequence, or the keys (0) or values (1) out of a map. */
    void getValue(long value, int index, long allocator, long out) throws CallFailedException {
        long status;
        try {
            status = (long) CFunctions.LONG_LILL.invokeExact(address(GET_VALUE), value, index, allocator, out);
        } catch (Throwable e) {
            throw unchecked(e);
        }
        check(status);
    }

    /** Creates the description of memory on the CPU. */
    void createCpuMemoryInfo(int allocatorType, int memoryType, long out) throws CallFailedException {
        long status;
        try {
            status = (long)
                    CFunctions.LONG_IIL.invokeExact(address(CREATE_CPU_MEMORY_INFO), allocatorType, memoryType, out);
        } catch (Throwable e) {
            throw unchecked(e);
        }
        check(status);
    }

    /** Creates the environment, or returns the one that the process has already. */
    void createEnvironment(int logLevel, long logId, long threadingOptions, long out) throws CallFailedException {
        long status;
        try {
            status = (long) CFunctions.LONG_ILLL.invokeExact(
                    address(CREATE_ENV_WITH_GLOBAL_THREAD_POOLS), logLevel, logId, threadingOptions, out);
        } catch (Throwable e) {
            throw unchecked(e);
        }
        check(status);
    }

    /** Calls a function that frees an object. */
    void release(OrtFunction function, long object) {
        try {
            CFunctions.VOID_L.invokeExact(address(function), object);
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    void call(OrtFunction function, long a) throws CallFailedException {
        long status;
        try {
            status = (long) CFunctions.LONG_L.invokeExact(address(function), a);
        } catch (Throwable e) {
            throw unchecked(e);
        }
        check(status);
    }

    void call(OrtFunction function, long a, long b) throws CallFailedException {
        long status;
        try {
            status = (long) CFunctions.LONG_LL.invokeExact(address(function), a, b);
        } catch (Throwable e) {
            throw unchecked(e);
        }
        check(status);
    }

    void call(OrtFunction function, long a, long b, long c) throws CallFailedException {
        long status;
        try {
            status = (long) CFunctions.LONG_LLL.invokeExact(address(function), a, b, c);
        } catch (Throwable e) {
            throw unchecked(e);
        }
        check(status);
    }

    void call(OrtFunction function, long a, long b, long c, long d) throws CallFailedException {
        long status;
        try {
            status = (long) CFunctions.LONG_LLLL.invokeExact(address(function), a, b, c, d);
        } catch (Throwable e) {
            throw unchecked(e);
        }
        check(status);
    }

    void call(OrtFunction function, long a, long b, long c, long d, long e) throws CallFailedException {
        long status;
        try {
            status = (long) CFunctions.LONG_LLLLL.invokeExact(address(function), a, b, c, d, e);
        } catch (Throwable thrown) {
            throw unchecked(thrown);
        }
        check(status);
    }

    void callInt(OrtFunction function, long a, int b) throws CallFailedException {
        long status;
        try {
            status = (long) CFunctions.LONG_LI.invokeExact(address(function), a, b);
        } catch (Throwable e) {
            throw unchecked(e);
        }
        check(status);
    }
}
