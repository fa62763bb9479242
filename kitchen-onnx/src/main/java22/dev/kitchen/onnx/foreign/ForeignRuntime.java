package dev.kitchen.onnx.foreign;

import static dev.kitchen.onnx.foreign.OrtFunction.ADD_SESSION_CONFIG_ENTRY;
import static dev.kitchen.onnx.foreign.OrtFunction.CREATE_SESSION;
import static dev.kitchen.onnx.foreign.OrtFunction.CREATE_SESSION_FROM_ARRAY;
import static dev.kitchen.onnx.foreign.OrtFunction.RELEASE_SESSION;

import dev.kitchen.onnx.run.LoadErrors;
import dev.kitchen.onnx.run.OnnxRuntimeApi;
import dev.kitchen.onnx.run.OnnxSignature;
import dev.kitchen.onnx.run.SessionSettings;
import dev.kitchen.onnx.run.SharedThreads;
import dev.kitchen.onnx.scan.LoadSource;
import dev.kitchen.onnx.scan.OnnxFile;
import dev.kitchen.spi.InferenceSession;
import dev.kitchen.tensor.ModelSignature;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * ONNX Runtime's C API. It needs JDK 22 or newer, and a call costs what it costs a C program. {@link ForeignLoader} finds
 * this class by name, because that is compiled for JDK 17.
 */
final class ForeignRuntime implements OnnxRuntimeApi {

    private final CEnvironment runtime;
    private final SharedThreads sharedThreads = new SharedThreads();

    private ForeignRuntime(CEnvironment runtime) {
        this.runtime = runtime;
    }

    /**
     * Returns the C API of a library.
     *
     * @throws IllegalCallerException if the JVM denies native access
     */
    static OnnxRuntimeApi over(Path library) {
        try {
            return new ForeignRuntime(CEnvironment.create(CApi.load(library)));
        } catch (CallFailedException e) {
            throw new IllegalStateException("ONNX Runtime does not start: " + e.getMessage(), e);
        }
    }

    @Override
    public String version() {
        return runtime.api().version();
    }

    @Override
    public InferenceSession load(OnnxFile file, SessionSettings options) {
        SessionSettings possible = sharedThreads.possible(options);
        try {
            return loadWith(file, possible);
        } catch (CallFailedException e) {
            if (!sharedThreads.areMissing(possible, String.valueOf(e.getMessage()))) {
                throw LoadErrors.of(file, e);
            }
        }
        return load(file, options);
    }

    private InferenceSession loadWith(OnnxFile file, SessionSettings options) throws CallFailedException {
        CApi api = runtime.api();
        ForeignOptions sessionOptions = null;
        long session = 0;
        try (Arena arena = Arena.ofConfined();
                LoadSource source = file.content().open()) {
            sessionOptions = ForeignOptions.of(api, options);
            MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
            create(file, source, arena, sessionOptions.handle(), out);
            session = out.get(ValueLayout.JAVA_LONG, 0);
            file.content().requireUnchanged();
            ForeignModel model = new ForeignModel(runtime, session, arena);
            ModelSignature signature = OnnxSignature.of(file, model.inputs(), model.outputs());
            return new ForeignSession(runtime, session, sessionOptions, signature, model.metadata(), file, options);
        } catch (CallFailedException | RuntimeException | Error e) {
            release(session, sessionOptions);
            throw e;
        }
    }

    private void create(OnnxFile file, LoadSource source, Arena arena, long options, MemorySegment out)
            throws CallFailedException {
        CApi api = runtime.api();
        Optional<ByteBuffer> bytes = source.bytes();
        if (bytes.isEmpty()) {
            long path = CMemory.text(arena, source.path().toString());
            api.call(CREATE_SESSION, runtime.environment(), path, options, out.address());
            return;
        }
        if (file.hasExternalData()) {
            long key = CMemory.text(arena, LoadSource.DIRECTORY_OPTION);
            api.call(
                    ADD_SESSION_CONFIG_ENTRY,
                    options,
                    key,
                    CMemory.text(arena, source.dataDirectory().toString()));
        }
        MemorySegment model = MemorySegment.ofBuffer(bytes.get());
        try {
            api.call(
                    CREATE_SESSION_FROM_ARRAY,
                    runtime.environment(),
                    model.address(),
                    model.byteSize(),
                    options,
                    out.address());
        } finally {
            Reference.reachabilityFence(model);
        }
    }

    private void release(long session, @org.jspecify.annotations.Nullable ForeignOptions options) {
        if (session != 0) {
            runtime.api().release(RELEASE_SESSION, session);
        }
        if (options != null) {
            options.release();
        }
    }
}
