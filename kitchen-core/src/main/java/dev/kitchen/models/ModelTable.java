package dev.kitchen.models;

import dev.kitchen.base.ForeignCode;
import dev.kitchen.base.Nanos;
import dev.kitchen.error.CancelledException;
import dev.kitchen.error.KitchenException;
import dev.kitchen.error.MessageText;
import dev.kitchen.error.ModelLoadException;
import dev.kitchen.error.ModelNotFoundException;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.observe.RegistryEvent;
import dev.kitchen.registry.ModelInfo;
import dev.kitchen.registry.VersionInfo;
import dev.kitchen.serving.ServedVersion;
import dev.kitchen.serving.ServingContext;
import dev.kitchen.store.RegistryDirectory;
import dev.kitchen.store.RegistrySnapshot;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models of this process. Looking at their source again loads what is new beside what serves, and swaps it in; what
 * does not load, and what is gone, leaves things as they are.
 */
public final class ModelTable {

    private static final Logger LOGGER = LoggerFactory.getLogger(ModelTable.class);

    private final VersionLoader loader = new VersionLoader();
    private final Loading loading;
    private final PendingVersions pending;
    private final ServingContext context;
    private final boolean lazy;
    private final ModelProblems problems;
    private final Object lock = new Object();
    private volatile ModelSource source;
    private volatile Map<String, ModelVersions> models = Map.of();
    private volatile @Nullable RegistrySnapshot applied;
    private boolean closed;

    /**
     * A table of no models yet.
     *
     * @param plain a model file, or a directory of model files, which are the models until there is a registry
     * @param lazy whether a model is loaded only when the first call asks for it
     */
    public ModelTable(Path plain, Backends backends, ServingContext context, boolean lazy) {
        this.source = new PlainModels(plain, backends);
        this.loading = new Loading(context, backends);
        this.pending = new PendingVersions(loader, context, version -> loading.load(version, source));
        this.context = context;
        this.problems = new ModelProblems(context);
        this.lazy = lazy;
    }

    /** Loads versions. */
    public Loading loading() {
        return loading;
    }

    /** The threads that load. */
    public VersionLoader loader() {
        return loader;
    }

    /**
     * Loads everything for the first time, or, where models are loaded lazily, finds out what there is.
     *
     * @throws KitchenException if the source cannot be read, or no plain model loads; a registry can be mended
     */
    public void open() {
        try {
            loadAll();
        } finally {
            loader.oneAtATime();
        }
    }

    private void loadAll() {
        RegistrySnapshot snapshot = source.look();
        if (snapshot.models().isEmpty()) {
            LOGGER.warn("there are no models yet");
        }
        if (lazy) {
            snapshot.models().values().forEach(it -> versions(it).apply(it, snapshot.edition()));
            return;
        }
        apply(snapshot, false);
        List<KitchenException> failures = models.values().stream()
                .flatMap(it -> it.standingFailure().stream())
                .toList();
        if (!source.isRegistry()
                && !failures.isEmpty()
                && models.values().stream().noneMatch(ModelVersions::isServing)) {
            failures.stream().skip(1).forEach(failures.get(0)::addSuppressed);
            throw failures.get(0);
        }
    }

    /** Looks at the source again, and does nothing more if it is as it was. */
    void poll() {
        read(() -> {
            RegistrySnapshot seen = source.look();
            if (!isApplied(seen) || all().stream().anyMatch(ModelVersions::hasRetries)) {
                apply(seen, false);
            }
            problems.lookAtFiles(all());
        });
    }

    /** An edit by hand does not count the generation up: another object is another document. */
    @SuppressWarnings("ReferenceEquality")
    private boolean isApplied(RegistrySnapshot seen) {
        return seen == applied;
    }

    /** Whether the models come from a registry. */
    boolean isRegistry() {
        return source.isRegistry();
    }

    /** Takes the models from a registry from now on. */
    public void useRegistry(RegistryDirectory registry) {
        source = new RegisteredModels(registry);
    }

    /**
     * Looks at the source again.
     *
     * @param retry whether what did not load is tried again
     * @throws KitchenException if the source cannot be read; everything serves on then
     */
    void refresh(boolean retry) {
        read(() -> {
            apply(source.look(), retry);
            problems.lookAtFiles(all());
        });
    }

    private void read(Runnable reading) {
        long start = System.nanoTime();
        try {
            reading.run();
            problems.read(Optional.empty());
        } catch (CancelledException e) {
            // Whoever looks was interrupted: that says nothing about the models.
            throw e;
        } catch (Throwable thrown) {
            KitchenException e = ForeignCode.typed("models", thrown, ModelLoadException::new);
            problems.read(Optional.of(e));
            context.listener().onRegistry(new RegistryEvent("read", "", System.nanoTime() - start, Optional.of(e)));
            throw e;
        }
    }

    /** Loads what ought to be in memory, current versions first, and lets it answer. Blocks until all is loaded. */
    void apply(RegistrySnapshot snapshot, boolean retry) {
        requireOpen();
        Map<ModelVersions, List<PendingVersions.Pending>> started = new LinkedHashMap<>();
        for (ModelInfo info : snapshot.models().values()) {
            ModelVersions versions = versions(info);
            started.put(
                    versions,
                    lazy && !versions.isServing()
                            ? List.of()
                            : pending.start(versions, info, snapshot.edition(), retry));
        }
        int done = 0;
        for (Map.Entry<ModelVersions, List<PendingVersions.Pending>> entry : started.entrySet()) {
            ModelVersions versions = entry.getKey();
            entry.getValue().stream().limit(1).forEach(it -> pending.finish(versions, it));
            apply(versions, snapshot);
            done++;
            if (!entry.getValue().isEmpty()) {
                LOGGER.info("{} of {} models are looked at", done, started.size());
            }
        }
        started.forEach((versions, all) -> {
            all.stream().skip(1).forEach(it -> pending.finish(versions, it));
            apply(versions, snapshot);
            if (!lazy || versions.isServing()) {
                loadLost(versions, snapshot);
            }
        });
        problems.vanished(models.keySet(), snapshot.models().keySet());
        applied = snapshot;
    }

    /**
     * Loads once more what was in memory when this began, and left it before it was to answer: an earlier look that was
     * interrupted lets go of what it loaded, as nobody wanted that by then.
     */
    private void loadLost(ModelVersions versions, RegistrySnapshot snapshot) {
        snapshot.model(versions.name()).ifPresent(info -> {
            List<PendingVersions.Pending> lost = pending.start(versions, info, snapshot.edition(), false);
            if (!lost.isEmpty()) {
                lost.forEach(it -> pending.finish(versions, it));
                apply(versions, snapshot);
            }
        });
    }

    private static void apply(ModelVersions versions, RegistrySnapshot snapshot) {
        ModelInfo info = snapshot.models().get(versions.name());
        if (info != null) {
            versions.apply(info, snapshot.edition());
        }
    }

    /** What is on its way into memory. */
    public PendingVersions pending() {
        return pending;
    }

    /** Lets one model's versions answer as a document says, and loads in the background what is to be in memory too. */
    public void applyOne(RegistrySnapshot snapshot, String model) {
        snapshot.model(model).ifPresent(info -> {
            ModelVersions versions = versions(info);
            apply(versions, snapshot);
            pending.loadMissing(versions);
        });
    }

    /** Applies the document to the target's model, and returns once the target, if it is to be in memory, is loaded. */
    public void applyOne(RegistrySnapshot snapshot, VersionInfo target) {
        applyOne(snapshot, target.model());
        find(target.model()).filter(it -> it.lacks(target)).ifPresent(it -> {
            pending.require(it, target);
            it.reapply();
        });
    }

    /** The model as this process has it, from now on. */
    public ModelVersions versions(ModelInfo info) {
        synchronized (lock) {
            ModelVersions present = models.get(info.name());
            if (present != null) {
                return present;
            }
            ModelVersions added = new ModelVersions(info, context, pending.onDemand(lazy));
            Map<String, ModelVersions> next = new TreeMap<>(models);
            next.put(info.name(), added);
            models = next;
            if (closed) {
                added.close();
            }
            return added;
        }
    }

    /**
     * Returns a model that is active and serves, or will as soon as a call asks for it.
     *
     * @throws ModelNotFoundException if there is none, or it was deactivated
     * @throws NotReadyException if it did not load
     */
    public ModelVersions requireOffered(String name) {
        ModelVersions versions = models.get(name);
        if (versions == null || !isOffered(versions.info())) {
            throw new ModelNotFoundException(
                    "no endpoint '" + MessageText.of(name) + "', expected a model that is registered and active");
        }
        if (!versions.isServing()) {
            versions.standingFailure().ifPresent(failure -> {
                throw new NotReadyException(
                        "endpoint '" + name + "': its model did not load; health and the log say why", failure);
            });
        }
        return versions;
    }

    private static boolean isOffered(ModelInfo info) {
        return info.active() && info.currentVersion().isPresent();
    }

    /** One model of this process. */
    public Optional<ModelVersions> find(String name) {
        return Optional.ofNullable(models.get(name));
    }

    /** All models of this process. */
    public List<ModelVersions> all() {
        return List.copyOf(models.values());
    }

    /** The names on the list: all but those of models that are deactivated, or of which no version ever was current. */
    public Set<String> names() {
        Set<String> names = new TreeSet<>();
        for (ModelVersions versions : all()) {
            if (isOffered(versions.info())) {
                names.add(versions.name());
            }
        }
        return names;
    }

    /**
     * What is not as it should be, in words.
     *
     * @param watched whether somebody looks at the models again and again
     */
    public List<String> problems(boolean watched) {
        return problems.of(all(), watched);
    }

    /** Returns a message for each version that is no longer batched because an answer of a batch was wrong. */
    public List<String> batchMismatches() {
        return all().stream()
                .flatMap(versions -> versions.slot().all().stream())
                .flatMap(version -> version.pipeline().batchMismatch().stream()
                        .map(mismatch -> version.place() + ": is no longer batched: " + mismatch))
                .sorted()
                .toList();
    }

    private void requireOpen() {
        synchronized (lock) {
            if (closed) {
                throw new NotReadyException("kitchen is closed");
            }
        }
    }

    /** Begins no more loading, and waits for what is under way until the given {@link System#nanoTime} time. */
    public void stopLoading(long end) {
        loader.close();
        loading.stop();
        loader.awaitEnd(Nanos.until(end, System.nanoTime()));
    }

    /** Lets nothing more be loaded; returns all versions that may still hold a session. */
    public List<ServedVersion> close() {
        synchronized (lock) {
            closed = true;
        }
        return all().stream().flatMap(it -> it.close().stream()).toList();
    }
}
