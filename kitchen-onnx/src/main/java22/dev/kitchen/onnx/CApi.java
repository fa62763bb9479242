package dev.kitchen.onnx;

import dev.kitchen.error.ConfigurationException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Optional;

/**
 * ONNX Runtime's table of C functions. The table only ever grows at its end, so a function keeps its place in it; the
 * numbers here count from 1, as the documentation of the C API does.
 */
@SuppressWarnings("restricted") // native access is what this is for
final class CApi {

    /** The version of the table whose functions are called here; a newer library has them too. */
    private static final int API_VERSION = 23;

    /** Enough for every function called here. */
    private static final int TABLE_SLOTS = 256;

    private final MemorySegment[] functions = new MemorySegment[TABLE_SLOTS + 1];
    private final String version;
    private final MemorySegment getErrorCode;
    private final MemorySegment getErrorMessage;
    private final MemorySegment releaseStatus;
    private final MemorySegment run;
    private final MemorySegment runWithBinding;

    private CApi(MemorySegment table, String version) {
        for (int place = 1; place <= TABLE_SLOTS; place++) {
            functions[place] = table.getAtIndex(ValueLayout.ADDRESS, place - 1L);
        }
        this.version = version;
        this.getErrorCode = function(2);
        this.getErrorMessage = function(3);
        this.releaseStatus = function(94);
        this.run = function(10);
        this.runWithBinding = function(134);
    }

    /**
     * The table of a library, which stays loaded until the process ends.
     *
     * @throws ConfigurationException if the library is not what it should be
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

    /** What a method handle throws, when it throws at all, is unchecked. */
    static RuntimeException unchecked(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException exception ? exception : new IllegalStateException(e);
    }

    String version() {
        return version;
    }

    /** The function at this place of the table, counted from 1. */
    MemorySegment function(int place) {
        return functions[place];
    }

    /** Throws if this is a failure; frees it either way. */
    void check(long status) throws CallFailedException {
        if (status != 0) {
            throw failure(status);
        }
    }

    private CallFailedException failure(long status) {
        try {
            int code = (int) CFunctions.INT_L.invokeExact(getErrorCode, status);
            String message = CMemory.textAt((long) CFunctions.LONG_L.invokeExact(getErrorMessage, status));
            CFunctions.VOID_L.invokeExact(releaseStatus, status);
            return new CallFailedException(code, message);
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    /** Runs a session; the answers' addresses are in {@code outputs} then. */
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
                    run, session, runOptions, inputNames, inputs, inputCount, outputNames, outputCount, outputs);
        } catch (Throwable e) {
            throw unchecked(e);
        }
        check(status);
    }

    void runWithBinding(long session, long runOptions, long binding) throws CallFailedException {
        long status;
        try {
            status = (long) CFunctions.LONG_LLL.invokeExact(runWithBinding, session, runOptions, binding);
        } catch (Throwable e) {
            throw unchecked(e);
        }
        check(status);
    }

    /** Calls a function of one pointer that returns nothing: the release functions. */
    void release(MemorySegment function, long object) {
        try {
            CFunctions.VOID_L.invokeExact(function, object);
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    void call(MemorySegment function, long a) throws CallFailedException {
        long status;
        try {
            status = (long) CFunctions.LONG_L.invokeExact(function, a);
        } catch (Throwable e) {
            throw unchecked(e);
        }
        check(status);
    }

    void call(MemorySegment function, long a, long b) throws CallFailedException {
        long status;
        try {
            status = (long) CFunctions.LONG_LL.invokeExact(function, a, b);
        } catch (Throwable e) {
            throw unchecked(e);
        }
        check(status);
    }

    void call(MemorySegment function, long a, long b, long c) throws CallFailedException {
        long status;
        try {
            status = (long) CFunctions.LONG_LLL.invokeExact(function, a, b, c);
        } catch (Throwable e) {
            throw unchecked(e);
        }
        check(status);
    }

    void call(MemorySegment function, long a, long b, long c, long d) throws CallFailedException {
        long status;
        try {
            status = (long) CFunctions.LONG_LLLL.invokeExact(function, a, b, c, d);
        } catch (Throwable e) {
            throw unchecked(e);
        }
        check(status);
    }

    void call(MemorySegment function, long a, long b, long c, long d, long e) throws CallFailedException {
        long status;
        try {
            status = (long) CFunctions.LONG_LLLLL.invokeExact(function, a, b, c, d, e);
        } catch (Throwable thrown) {
            throw unchecked(thrown);
        }
        check(status);
    }

    void callInt(MemorySegment function, long a, int b) throws CallFailedException {
        long status;
        try {
            status = (long) CFunctions.LONG_LI.invokeExact(function, a, b);
        } catch (Throwable e) {
            throw unchecked(e);
        }
        check(status);
    }
}
