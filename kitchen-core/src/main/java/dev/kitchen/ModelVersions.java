package dev.kitchen;

import dev.kitchen.error.KitchenException;
import dev.kitchen.observe.SwapEvent;
import dev.kitchen.registry.ModelInfo;
import dev.kitchen.registry.VersionInfo;
import dev.kitchen.serving.Lineup;
import dev.kitchen.serving.ServedModel;
import dev.kitchen.serving.ServingSlot;
import dev.kitchen.store.Edition;
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
    private final AbsentVersion absence;
    private final ServingSlot slot;
    private final Object lock = new Object();
    private final LoadedVersions loaded = new LoadedVersions();
    private ModelInfo info;
    private Edition edition = Edition.NONE;
    private @Nullable ServedModel current;
    private Optional<LocalRollback> override = Optional.empty();
    private long operations;
    private boolean closed;

    ModelVersions(ModelInfo info, Engine engine, AbsentVersion.Lazily lazily) {
        this.name = info.name();
        this.info = info;
        this.engine = engine;
        this.absence = new AbsentVersion(this, lazily);
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

    /** Why a version did not load; empty if it did, or has not been tried. */
    Optional<KitchenException> failure(String version) {
        synchronized (lock) {
            return loaded.failure(version);
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

    /** Lets those answer who ought to, as far as they are in memory. An older edition than the last one changes nothing. */
    void apply(ModelInfo wanted, Edition of) {
        Optional<SwapEvent> swap;
        synchronized (lock) {
            if (of.compareTo(edition) >= 0) {
                edition = of;
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
                : Optional.of(new SwapEvent(name, version(before), version(current), edition.generation()));
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
        return new Lineup(info.active() ? current : null, loaded.byVersion(), info.aliases(), absence);
    }

    boolean isInMemory(String version) {
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
        Edition known;
        synchronized (lock) {
            wanted = info;
            known = edition;
        }
        apply(wanted, known);
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
