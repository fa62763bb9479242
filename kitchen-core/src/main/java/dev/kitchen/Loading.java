package dev.kitchen;

import dev.kitchen.error.KitchenException;
import dev.kitchen.error.ModelLoadException;
import dev.kitchen.observe.LoadEvent;
import dev.kitchen.serving.ServedModel;
import dev.kitchen.spi.InferenceSession;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads the models of a path; one that does not load is remembered, and does not keep the others from loading. */
final class Loading {

    /** What a plain file's version is called: it has no other. */
    private static final String ONLY_VERSION = "1";

    private static final Logger LOGGER = LoggerFactory.getLogger(Loading.class);

    private final Engine engine;
    private final Backends backends;
    private final List<ServedModel> loaded = new ArrayList<>();
    private final Map<String, KitchenException> failures = new LinkedHashMap<>();

    Loading(Engine engine, Backends backends) {
        this.engine = engine;
        this.backends = backends;
    }

    /**
     * Loads one file, or a directory of them.
     *
     * @throws KitchenException if the only file, or every one, does not load
     */
    void loadAll(Path path) {
        Map<String, Path> files = ModelFiles.at(path, backends);
        if (files.isEmpty()) {
            LOGGER.warn("directory {} has no model files", path.toAbsolutePath());
        }
        files.forEach(this::load);
        if (loaded.isEmpty() && !failures.isEmpty()) {
            throw firstFailure();
        }
    }

    private KitchenException firstFailure() {
        List<KitchenException> all = List.copyOf(failures.values());
        all.stream().skip(1).forEach(all.get(0)::addSuppressed);
        return all.get(0);
    }

    private void load(String name, Path file) {
        long start = System.nanoTime();
        Optional<KitchenException> failure = Optional.empty();
        try {
            InferenceSession session = session(file);
            loaded.add(new ServedModel(name, ONLY_VERSION, session, engine.environment()));
            LOGGER.info("model {} loaded from {}", name, file);
        } catch (KitchenException e) {
            LOGGER.warn("model {} did not load: {}", name, e.getMessage());
            failures.put(name, e);
            failure = Optional.of(e);
        }
        engine.listener().onLoad(new LoadEvent(name, ONLY_VERSION, System.nanoTime() - start, failure));
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

    List<ServedModel> loaded() {
        return loaded;
    }

    Map<String, KitchenException> failures() {
        return failures;
    }
}
