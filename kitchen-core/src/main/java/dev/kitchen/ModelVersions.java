package dev.kitchen;

import dev.kitchen.error.KitchenException;
import dev.kitchen.error.MessageText;
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
import java.util.List;
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
    private final LoadedVersions loaded = new LoadedVersions();
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
            return info.currentVersion().flatMap(loaded::failure);
        }
    }

    /** What ought to be in memory and is not; what failed before only if it is to be tried again. */
    List<VersionInfo> missing(ModelInfo wanted, boolean retry) {
        synchronized (lock) {
            return Residents.of(withOverride(wanted)).stream()
                    .filter(it -> !loaded.has(it) && (retry || !loaded.hasFailed(it)))
                    .toList();
        }
    }

    /** A version is in memory; it answers from the next {@link #apply} on that wants it, or leaves with it. */
    void add(VersionInfo version, ServedModel model) {
        synchronized (lock) {
            if (loaded.add(version, model) && closed) {
                model.retire();
            }
        }
    }

    /** A version did not load. */
    void failed(VersionInfo version, KitchenException failure) {
        synchronized (lock) {
            loaded.failed(version, failure);
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
        override = override.filter(it -> it.holdsFor(wanted));
        return override.map(it -> it.applied(wanted)).orElse(wanted);
    }

    private Optional<SwapEvent> publish() {
        if (closed) {
            return Optional.empty();
        }
        ServedModel before = current;
        retainResidents();
        current = info.active() ? info.currentVersion().map(this::loadedModel).orElse(current) : null;
        slot.publish(lineup());
        loaded.retireLeaving();
        return Objects.equals(before, current)
                ? Optional.empty()
                : Optional.of(new SwapEvent(name, version(before), version(current), generation));
    }

    /** The version in memory, or whoever answers now. */
    private @Nullable ServedModel loadedModel(String version) {
        return loaded.find(version).orElse(current);
    }

    /** Those that are not to stay in memory leave, but for whoever has to answer in place of one that did not load. */
    private void retainResidents() {
        List<String> residents =
                Residents.of(info).stream().map(VersionInfo::version).toList();
        boolean replaced = info.currentVersion().flatMap(loaded::find).isPresent();
        loaded.retain((version, model) ->
                residents.contains(version) || (info.active() && !replaced && model.equals(current)));
    }

    private Lineup lineup() {
        return new Lineup(info.active() ? current : null, loaded.byVersion(), info.aliases(), this::absent);
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
                    : new ModelNotFoundException(place + ": has no version or alias '" + MessageText.of(wanted)
                            + "', expected one of " + MessageText.of(names(now)));
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
            return !closed && loaded.find(version).isPresent();
        }
    }

    /** Whether that very content is in memory. */
    boolean isInMemory(VersionInfo version) {
        synchronized (lock) {
            return loaded.has(version);
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
        Optional<KitchenException> failure;
        synchronized (lock) {
            failure = loaded.failure(version);
        }
        failure.ifPresent(it -> {
            throw new NotReadyException(place + ": its model did not load: " + it.getMessage(), it);
        });
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
            return loaded.runtime(version);
        }
    }

    /** Lets nobody new answer; returns what may still hold a session. */
    List<ServedModel> close() {
        synchronized (lock) {
            closed = true;
            return loaded.unfreed();
        }
    }

    private static Optional<String> version(@Nullable ServedModel model) {
        return Optional.ofNullable(model).map(ServedModel::version);
    }
}
