package dev.kitchen.onnx.official;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.onnx.run.LoadErrors;
import dev.kitchen.onnx.scan.InitializerRemoval;
import dev.kitchen.onnx.scan.OnnxFile;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The same model without some of its initializers. The official API takes no more inputs than a model requires, so
 * whoever overrides a default is served by a session that requires it. Such a session is made at the first call that
 * needs it, one per set of overridden names, and shared from then on.
 */
final class OverriddenSessions implements AutoCloseable {

    /** Each session is a copy of the model in memory. */
    private static final int MAX_SESSIONS = 4;

    private static final Logger LOGGER = LoggerFactory.getLogger(OverriddenSessions.class);

    private final OrtEnvironment environment;
    private final OrtSession.SessionOptions options;
    /** Null where nothing can be overridden, so that the scanned bytes are not kept for nothing. */
    private final @Nullable OnnxFile file;

    private final Object lock = new Object();
    private final Map<Set<String>, OrtSession> sessions = new LinkedHashMap<>();

    OverriddenSessions(OrtEnvironment environment, OrtSession.SessionOptions options, OnnxFile file) {
        this.environment = environment;
        this.options = options;
        this.file = file.overridableInitializers().isEmpty() ? null : file;
    }

    /** The session that takes these names as inputs. Loads it where it is not there yet; others wait meanwhile. */
    OrtSession session(List<String> overriddenNames) {
        Set<String> names = new HashSet<>(overriddenNames);
        synchronized (lock) {
            OrtSession session = sessions.get(names);
            if (session == null) {
                session = load(names);
                sessions.put(names, session);
            }
            return session;
        }
    }

    private OrtSession load(Set<String> names) {
        OnnxFile scanned = Objects.requireNonNull(file, "the model has no input with a default");
        if (scanned.hasExternalData()) {
            throw new InvalidRequestException("inputs " + names + " have defaults that cannot be overridden, because"
                    + " the model has external data; leave them out");
        }
        if (sessions.size() == MAX_SESSIONS) {
            throw new InvalidRequestException("inputs " + names + " have defaults, and " + MAX_SESSIONS
                    + " other combinations of defaults are overridden already: " + sessions.keySet());
        }
        try {
            LOGGER.info("model file {}: loaded once more for calls that override {}", scanned.path(), names);
            return environment.createSession(
                    InitializerRemoval.apply(scanned.path(), scanned.content(), names), options);
        } catch (OrtException e) {
            throw LoadErrors.of(scanned, e);
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            for (OrtSession session : sessions.values()) {
                try {
                    session.close();
                } catch (OrtException e) {
                    LOGGER.error("a session for overridden defaults did not close", e);
                }
            }
            sessions.clear();
        }
    }
}
