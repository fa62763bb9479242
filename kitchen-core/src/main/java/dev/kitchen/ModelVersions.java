package dev.kitchen;

import dev.kitchen.error.KitchenException;
import dev.kitchen.error.ModelNotFoundException;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.observe.SwapEvent;
import dev.kitchen.predict.CallContext;
import dev.kitchen.registry.ModelInfo;
import dev.kitchen.registry.VersionInfo;
import dev.kitchen.serving.Lineup;
import dev.kitchen.serving.ServedModel;
import dev.kitchen.serving.ServingSlot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One model in this process: what it ought to be, which of its versions are in memory, and who answers. What does not
 * load, or is gone, leaves whoever answers in place.
 */
final class ModelVersions {

    private static final Logger LOGGER = LoggerFactory.getLogger(ModelVersions.class);

    private final String name;
    private final Engine engine;
    private final Lazily lazily;
    private final ServingSlot slot;
    private final Object lock = new Object();
    private final Map<String, Loaded> loaded = new HashMap<>();
    private final Map<String, Failed> failures = new HashMap<>();
    private final List<ServedModel> leaving = new ArrayList<>();
    private ModelInfo info;
    private long generation = -1;
    private @Nullable ServedModel current;
    private Optional<LocalRollback> override = Optional.empty();
    private long operations;
    private boolean closed;

    /** How a version comes into memory that is asked for and should be there, but is not yet. */
    interface Lazily {

        /** Loads and publishes the model's versions, or throws; waits no longer than the call may. */
        void load(ModelVersions model, CallContext context);
    }

    /** A version in memory, and the content it was loaded from. */
    private record Loaded(ServedModel model, Optional<String> sha256) {}

    /** A version that did not load, and the content that did not. */
    private record Failed(KitchenException failure, Optional<String> sha256) {}

    /** A roll back that could not be written: this process goes by it until the document can be, or says otherwise. */
    record LocalRollback(Optional<String> from, String to) {}

    ModelVersions(ModelInfo info, Engine engine, Lazily lazily) {
        this.name = info.name();
        this.info = info;
        this.engine = engine;
        this.lazily = lazily;
        this.slot = new ServingSlot(name, lineup());
    }

    String name() {
        return name;
    }

    ServingSlot slot() {
        return slot;
    }

    /** What the model ought to be, as far as this process knows. */
    ModelInfo info() {
        synchronized (lock) {
            return info;
        }
    }

    boolean isServing() {
        return serving().isPresent();
    }

    /** The version that answers now. */
    Optional<ServedModel> serving() {
        synchronized (lock) {
            return Optional.ofNullable(current);
        }
    }

    /** Why the version that ought to answer does not; empty if it does, or has not been tried. */
    Optional<KitchenException> failure() {
        synchronized (lock) {
            return info.currentVersion().map(failures::get).map(Failed::failure);
        }
    }

    /** What ought to be in memory and is not; what failed before only if it is to be tried again. */
    List<VersionInfo> missing(ModelInfo wanted, boolean retry) {
        synchronized (lock) {
            return Residents.of(withOverride(wanted)).stream()
                    .filter(it -> !isLoaded(it) && (retry || !hasFailed(it)))
                    .toList();
        }
    }

    private boolean isLoaded(VersionInfo version) {
        Loaded present = loaded.get(version.version());
        return present != null && isSame(present.sha256, version.sha256());
    }

    private boolean hasFailed(VersionInfo version) {
        Failed failed = failures.get(version.version());
        return failed != null && isSame(failed.sha256, version.sha256());
    }

    /** A plain file that became part of a registry got its hash only then. */
    private static boolean isSame(Optional<String> before, Optional<String> now) {
        return before.isEmpty() || before.equals(now);
    }

    /** A version is in memory; it answers from the next {@link #apply} on that wants it, or leaves with it. */
    void add(VersionInfo version, ServedModel model) {
        synchronized (lock) {
            Loaded present = loaded.get(version.version());
            if (model.isRetired() || (present != null && present.model.equals(model))) {
                return;
            }
            failures.remove(version.version());
            loaded.put(version.version(), new Loaded(model, version.sha256()));
            if (present != null) {
                leaving.add(present.model);
            }
            if (closed) {
                model.retire();
            }
        }
    }

    /** A version did not load. */
    void failed(VersionInfo version, KitchenException failure) {
        synchronized (lock) {
            failures.put(version.version(), new Failed(failure, version.sha256()));
        }
    }

    /** Lets those answer who ought to, as far as they are in memory. An older document than the last one changes nothing. */
    void apply(ModelInfo wanted, long ofGeneration) {
        Optional<SwapEvent> swap;
        synchronized (lock) {
            if (ofGeneration >= generation) {
                generation = ofGeneration;
                info = withOverride(wanted);
            }
            swap = publish();
        }
        swap.ifPresent(this::tell);
    }

    /** Lets a version in memory answer although the document does not say so. */
    void override(String version) {
        Optional<SwapEvent> swap;
        synchronized (lock) {
            override = Optional.of(new LocalRollback(info.currentVersion(), version));
            info = withOverride(info);
            swap = publish();
        }
        swap.ifPresent(this::tell);
    }

    private void tell(SwapEvent swap) {
        LOGGER.info(
                "model {}: version {} answers, after {}",
                name,
                swap.to().orElse("none"),
                swap.from().orElse("none"));
        engine.listener().onSwap(swap);
    }

    Optional<LocalRollback> override() {
        synchronized (lock) {
            return override;
        }
    }

    /** The document's word holds again as soon as it says something new. */
    private ModelInfo withOverride(ModelInfo wanted) {
        if (override.isEmpty()) {
            return wanted;
        }
        LocalRollback present = override.get();
        if (!wanted.currentVersion().equals(present.from)) {
            override = Optional.empty();
            return wanted;
        }
        List<String> all = wanted.previousVersions();
        List<String> previous = all.subList(all.indexOf(present.to) + 1, all.size());
        return new ModelInfo(
                name,
                wanted.active(),
                Optional.of(present.to),
                previous,
                wanted.aliases(),
                wanted.policy(),
                wanted.versions());
    }

    private Optional<SwapEvent> publish() {
        if (closed) {
            return Optional.empty();
        }
        ServedModel before = current;
        retainResidents();
        current = info.active() ? info.currentVersion().map(this::loadedModel).orElse(current) : null;
        slot.publish(lineup());
        retireLeaving();
        return Objects.equals(before, current)
                ? Optional.empty()
                : Optional.of(new SwapEvent(name, version(before), version(current), generation));
    }

    /** The version in memory, or whoever answers now. */
    private @Nullable ServedModel loadedModel(String version) {
        Loaded present = loaded.get(version);
        return present == null ? current : present.model;
    }

    /** Those that are not to stay in memory leave, but for whoever has to answer in place of one that did not load. */
    private void retainResidents() {
        List<String> residents =
                Residents.of(info).stream().map(VersionInfo::version).toList();
        boolean replaced = info.currentVersion().map(loaded::containsKey).orElse(false);
        loaded.entrySet().removeIf(it -> {
            ServedModel model = it.getValue().model;
            boolean stays = residents.contains(it.getKey()) || (info.active() && !replaced && model.equals(current));
            if (!stays) {
                leaving.add(model);
            }
            return !stays;
        });
    }

    private void retireLeaving() {
        leaving.forEach(ServedModel::retire);
        leaving.removeIf(it -> it.awaitFreed(0));
    }

    private Lineup lineup() {
        Map<String, ServedModel> versions = new HashMap<>();
        loaded.forEach((version, it) -> versions.put(version, it.model));
        return new Lineup(info.active() ? current : null, versions, info.aliases(), this::absent);
    }

    private void absent(String wanted, CallContext context) {
        ModelInfo now = info();
        String place = "endpoint '" + name + "'";
        if (!now.active()) {
            throw new ModelNotFoundException(place + ": was deactivated, expected an active model");
        }
        Optional<String> version = wanted.isEmpty() ? now.currentVersion() : now.resolve(wanted);
        if (version.isEmpty()) {
            throw wanted.isEmpty()
                    ? new NotReadyException(place + ": no version is active, expected one to be activated")
                    : new ModelNotFoundException(place + ": has no version or alias '" + Engine.printable(wanted)
                            + "', expected one of " + names(now));
        }
        throwFailure(place, version.get());
        if (Residents.of(now).stream().noneMatch(it -> it.version().equals(version.get()))) {
            throw new NotReadyException(place + ": version '" + version.get() + "' is registered, but not loaded; "
                    + "its policy or an alias would keep it in memory");
        }
        lazily.load(this, context);
        if (!isInMemory(version.get())) {
            throwFailure(place, version.get());
            throw new NotReadyException(place + ": version '" + version.get() + "' is not loaded");
        }
    }

    private boolean isInMemory(String version) {
        synchronized (lock) {
            return !closed && loaded.containsKey(version);
        }
    }

    /** Whether that very content is in memory. */
    boolean isInMemory(VersionInfo version) {
        synchronized (lock) {
            return isLoaded(version);
        }
    }

    /** Lets those answer who came into memory since. */
    void reapply() {
        ModelInfo wanted;
        long known;
        synchronized (lock) {
            wanted = info;
            known = generation;
        }
        apply(wanted, known);
    }

    private void throwFailure(String place, String version) {
        Failed failed;
        synchronized (lock) {
            failed = failures.get(version);
        }
        if (failed != null) {
            throw new NotReadyException(
                    place + ": its model did not load: " + failed.failure.getMessage(), failed.failure);
        }
    }

    private static List<String> names(ModelInfo info) {
        List<String> names = new ArrayList<>(
                info.versions().stream().map(VersionInfo::version).toList());
        info.aliases().keySet().stream().sorted().forEach(names::add);
        return names;
    }

    /** Begins an operation that changes who answers, and makes all earlier ones outdated. */
    long beginOperation() {
        synchronized (lock) {
            return ++operations;
        }
    }

    /** Whether no later operation has begun. */
    boolean isNewest(long operation) {
        synchronized (lock) {
            return operations == operation;
        }
    }

    /** A version's calls and state in this process. */
    VersionInfo.RuntimeFacts runtime(String version) {
        synchronized (lock) {
            return RuntimeState.of(
                    Optional.ofNullable(loaded.get(version)).map(Loaded::model),
                    leaving.stream().filter(it -> it.version().equals(version)).toList(),
                    Optional.ofNullable(failures.get(version)).map(Failed::failure));
        }
    }

    /** What may still hold a session. */
    List<ServedModel> unfreed() {
        synchronized (lock) {
            List<ServedModel> all = new ArrayList<>(leaving);
            loaded.values().forEach(it -> all.add(it.model));
            return all;
        }
    }

    /** Lets nobody new answer. */
    List<ServedModel> close() {
        synchronized (lock) {
            closed = true;
            return unfreed();
        }
    }

    private static Optional<String> version(@Nullable ServedModel model) {
        return Optional.ofNullable(model).map(ServedModel::version);
    }
}
