package dev.kitchen.onnx.official;

import ai.onnxruntime.OnnxModelMetadata;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.kitchen.error.ModelLoadException;
import dev.kitchen.onnx.natives.NativeInstallation;
import dev.kitchen.onnx.run.LoadErrors;
import dev.kitchen.onnx.run.OnnxRuntimeApi;
import dev.kitchen.onnx.run.SessionSettings;
import dev.kitchen.onnx.run.SharedThreads;
import dev.kitchen.onnx.scan.LoadSource;
import dev.kitchen.onnx.scan.OnnxFile;
import dev.kitchen.spi.InferenceSession;
import dev.kitchen.spi.ModelMetadata;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** ONNX Runtime's official Java API. It works on every JDK, and copies the most. */
public final class OfficialRuntime implements OnnxRuntimeApi {

    private final SharedThreads sharedThreads = new SharedThreads();

    /** Returns where the native libraries were unpacked; empty if they were not, or not yet. */
    public static Optional<NativeInstallation> installation() {
        return OnnxEnvironment.installation();
    }

    @Override
    public String version() {
        return OnnxEnvironment.get().getVersion();
    }

    @Override
    public InferenceSession load(OnnxFile file, SessionSettings options) {
        SessionSettings possible = sharedThreads.possible(options);
        try {
            return loadWith(file, possible);
        } catch (OrtException e) {
            if (!sharedThreads.areMissing(possible, String.valueOf(e.getMessage()))) {
                throw LoadErrors.of(file, e);
            }
        }
        return load(file, options);
    }

    private static InferenceSession loadWith(OnnxFile file, SessionSettings options) throws OrtException {
        OrtEnvironment environment = OnnxEnvironment.get();
        OrtSession.SessionOptions sessionOptions = OfficialOptions.of(options);
        OrtSession session = null;
        try (LoadSource source = file.content().open()) {
            session = create(environment, file, source, sessionOptions);
            file.content().requireUnchanged();
            return new OfficialSession(
                    environment,
                    session,
                    sessionOptions,
                    OfficialSignature.of(session, file),
                    metadata(session),
                    new OverriddenSessions(environment, sessionOptions, file),
                    file,
                    options);
        } catch (OrtException | RuntimeException | Error e) {
            release(session, sessionOptions);
            throw e;
        }
    }

    private static OrtSession create(
            OrtEnvironment environment, OnnxFile file, LoadSource source, OrtSession.SessionOptions options)
            throws OrtException {
        Optional<ByteBuffer> bytes = source.bytes();
        if (bytes.isEmpty()) {
            return environment.createSession(source.path().toString(), options);
        }
        if (file.hasExternalData()) {
            options.addConfigEntry(
                    LoadSource.DIRECTORY_OPTION, source.dataDirectory().toString());
        }
        return environment.createSession(bytes.get(), options);
    }

    private static ModelMetadata metadata(OrtSession session) throws OrtException {
        OnnxModelMetadata metadata = session.getMetadata();
        Map<String, String> custom = new HashMap<>();
        metadata.getCustomMetadata().forEach((key, value) -> custom.put(text(key), text(value)));
        return new ModelMetadata(
                OnnxRuntimeApi.NAME,
                text(metadata.getProducerName()),
                text(metadata.getGraphName()),
                text(metadata.getDomain()),
                text(metadata.getDescription()),
                metadata.getVersion(),
                custom);
    }

    /** The API gives null for a text that it cannot decode. */
    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }

    /** ONNX Runtime wants the options to live as long as the session: they hold the custom-op libraries. */
    static void release(@Nullable OrtSession session, OrtSession.SessionOptions options) {
        try (options) {
            if (session != null) {
                session.close();
            }
        } catch (OrtException e) {
            throw new ModelLoadException("ONNX Runtime did not free a session: " + e.getMessage(), e);
        }
    }
}
