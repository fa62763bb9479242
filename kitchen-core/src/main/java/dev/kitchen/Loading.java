package dev.kitchen;

import dev.kitchen.error.KitchenException;
import dev.kitchen.error.ModelLoadException;
import dev.kitchen.observe.LoadEvent;
import dev.kitchen.serving.ServedModel;
import dev.kitchen.spi.InferenceSession;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads one model file as one version, and says how that went. */
final class Loading {

    private static final Logger LOGGER = LoggerFactory.getLogger(Loading.class);

    private final Engine engine;
    private final Backends backends;

    Loading(Engine engine, Backends backends) {
        this.engine = engine;
        this.backends = backends;
    }

    /** @throws KitchenException if it does not load; everybody has been told then */
    ServedModel load(String name, String version, Path file) {
        long start = System.nanoTime();
        Optional<KitchenException> failure = Optional.empty();
        try {
            ServedModel model = new ServedModel(name, version, session(file), engine.environment());
            LOGGER.info("model {}, version {} loaded from {}", name, version, file);
            return model;
        } catch (KitchenException e) {
            LOGGER.warn("model {}, version {} did not load: {}", name, version, e.getMessage());
            failure = Optional.of(e);
            throw e;
        } finally {
            engine.listener().onLoad(new LoadEvent(name, version, System.nanoTime() - start, failure));
        }
    }

    private InferenceSession session(Path file) {
        var backend = backends.accepting(file).orElseThrow(() -> backends.noBackendFor(file));
        if (!Files.isReadable(file)) {
            throw new ModelLoadException("model file " + file + ": cannot be read, expected a readable file");
        }
        try {
            return backend.load(file);
        } catch (KitchenException e) {
            throw e;
        } catch (RuntimeException | LinkageError e) {
            throw new ModelLoadException("model file " + file + ": backend " + backend.name() + " failed: " + e, e);
        }
    }
}
