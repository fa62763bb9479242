package dev.kitchen;

import dev.kitchen.base.ForeignCode;
import dev.kitchen.error.CancelledException;
import dev.kitchen.error.KitchenException;
import dev.kitchen.error.MessageText;
import dev.kitchen.error.ModelLoadException;
import dev.kitchen.error.ModelNotFoundException;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.observe.RegistryEvent;
import dev.kitchen.registry.ModelInfo;
import dev.kitchen.registry.VersionInfo;
import dev.kitchen.serving.ServedModel;
import dev.kitchen.store.Edition;
import dev.kitchen.store.RegistrySnapshot;
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
final class ModelTable {

    private static final Logger LOGGER = LoggerFactory.getLogger(ModelTable.class);

    private final PendingVersions pending;
    private final Engine engine;
    private final boolean lazy;
    private final ModelProblems problems;
    private final Object lock = new Object();
    private volatile ModelSource source;
    private volatile Map<String, Served> models = Map.of();
    private volatile @Nullable RegistrySnapshot applied;
    private boolean closed;

    /** A model and its door. */
    private record Served(ModelVersions versions, Endpoint endpoint) {}

    ModelTable(ModelSource source, Loading loading, VersionLoader loader, Engine engine, boolean lazy) {
        this.source = source;
        this.pending = new PendingVersions(loader, engine, it -> loading.load(it, this.source));
        this.engine = engine;
        this.problems = new ModelProblems(engine);
        this.lazy = lazy;
    }

    /**
     * Loads everything for the first time, or, where models are loaded lazily, finds out what there is.
     *
     * @throws KitchenException if the source cannot be read, or no plain model loads; a registry can be mended
     */
    void open() {
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
                .flatMap(it -> it.versions.standingFailure().stream())
                .toList();
        if (!source.isRegistry()
                && !failures.isEmpty()
                && models.values().stream().noneMatch(it -> it.versions.isServing())) {
            failures.stream().skip(1).forEach(it -> ForeignCode.suppress(failures.get(0), it));
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

    /** Where the models come from from now on. */
    void source(ModelSource next) {
        source = next;
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
            engine.listener().onRegistry(new RegistryEvent("read", "", System.nanoTime() - start, Optional.of(e)));
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
        models.keySet().stream()
                .filter(it -> snapshot.model(it).isEmpty())
                .forEach(it -> forget(it, snapshot.edition()));
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
    PendingVersions pending() {
        return pending;
    }

    /** Lets one model's versions answer as a document says, and loads in the background what is to be in memory too. */
    void applyOne(RegistrySnapshot snapshot, String model) {
        snapshot.model(model)
                .ifPresentOrElse(
                        info -> pending.loadMissing(applied(info, snapshot.edition())),
                        () -> forget(model, snapshot.edition()));
    }

    /**
     * Applies a description of a model and returns the model. Starts again if another thread, which had an older snapshot,
     * removed the model meanwhile.
     */
    ModelVersions applied(ModelInfo info, Edition edition) {
        ModelVersions versions = versions(info);
        versions.apply(info, edition);
        return find(info.name()).filter(versions::equals).orElseGet(() -> applied(info, edition));
    }

    /** Removes a model that is gone from its source, if it never had a current version: no caller has its endpoint then. */
    private void forget(String model, Edition edition) {
        synchronized (lock) {
            Served gone = models.get(model);
            if (gone != null && gone.versions.closeUnused(edition)) {
                Map<String, Served> next = new TreeMap<>(models);
                next.remove(model);
                models = next;
            }
        }
    }

    /** Applies the document to the target's model, and returns once the target, if it is to be in memory, is loaded. */
    void applyOne(RegistrySnapshot snapshot, VersionInfo target) {
        applyOne(snapshot, target.model());
        find(target.model()).filter(it -> it.lacks(target)).ifPresent(it -> {
            pending.require(it, target);
            it.reapply();
        });
    }

    /** The model as this process has it, from now on. */
    ModelVersions versions(ModelInfo info) {
        synchronized (lock) {
            Served present = models.get(info.name());
            if (present != null) {
                return present.versions;
            }
            ModelVersions added = new ModelVersions(info, engine, pending.onDemand(lazy));
            Map<String, Served> next = new TreeMap<>(models);
            next.put(info.name(), new Served(added, new Endpoint(added.slot(), engine)));
            models = next;
            if (closed) {
                added.close();
            }
            return added;
        }
    }

    /**
     * The door to a model that is on the list and answers.
     *
     * @throws ModelNotFoundException if there is none, or it was deactivated
     * @throws NotReadyException if it did not load
     */
    Endpoint endpoint(String name) {
        Served served = models.get(name);
        if (served == null || !isOffered(served.versions.info())) {
            throw new ModelNotFoundException(
                    "no endpoint '" + MessageText.of(name) + "', expected a model that is registered and active");
        }
        if (!served.versions.isServing()) {
            served.versions.standingFailure().ifPresent(it -> {
                throw new NotReadyException(
                        "endpoint '" + name + "': its model did not load; health and the log say why", it);
            });
        }
        return served.endpoint;
    }

    private static boolean isOffered(ModelInfo info) {
        return info.active() && info.currentVersion().isPresent();
    }

    /** One model of this process. */
    Optional<ModelVersions> find(String name) {
        return Optional.ofNullable(models.get(name)).map(Served::versions);
    }

    /** All models of this process. */
    List<ModelVersions> all() {
        return models.values().stream().map(Served::versions).toList();
    }

    /** The names on the list: all but those of models that are deactivated, or of which no version ever was current. */
    Set<String> names() {
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
    List<String> problems(boolean watched) {
        return problems.of(all(), watched);
    }

    private void requireOpen() {
        synchronized (lock) {
            if (closed) {
                throw new NotReadyException("kitchen is closed");
            }
        }
    }

    /** Lets nothing more be loaded; returns all versions that may still hold a session. */
    List<ServedModel> close() {
        synchronized (lock) {
            closed = true;
        }
        return all().stream().flatMap(it -> it.close().stream()).toList();
    }
}
