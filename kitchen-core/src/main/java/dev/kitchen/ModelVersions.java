package dev.kitchen;

import dev.kitchen.error.KitchenException;
import dev.kitchen.observe.SwapEvent;
import dev.kitchen.registry.ModelInfo;
import dev.kitchen.registry.VersionInfo;
import dev.kitchen.serving.Lineup;
import dev.kitchen.serving.ServedModel;
import dev.kitchen.serving.ServingSlot;
import dev.kitchen.store.Edition;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
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
    private final AbsentVersion.Lazily lazily;
    private final AbsentVersion absence;
    private final ServingSlot slot;
    private final Object lock = new Object();
    private final AtomicLong operations = new AtomicLong();
    private final LoadedVersions loaded = new LoadedVersions();
    /** The model as its source describes it. */
    private ModelInfo documented;
    /** The same with a roll back that could not be written applied to it; this decides what is loaded and what answers. */
    private ModelInfo info;

    private Edition edition = Edition.NONE;
    private @Nullable ServedModel current;
    private Optional<LocalRollback> override = Optional.empty();
    private Optional<String> brokenCallers = Optional.empty();
    private boolean closed;

    ModelVersions(ModelInfo info, Engine engine, AbsentVersion.Lazily lazily) {
        this.name = info.name();
        this.documented = info;
        this.info = info;
        this.engine = engine;
        this.lazily = lazily;
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

    /** Why a version does not answer; empty if it does, was not tried, or is to be tried again by whoever asks for it. */
    Optional<KitchenException> standingFailure(String version) {
        long now = engine.ticker().nanoTime();
        synchronized (lock) {
            return loaded.failure(version)
                    .filter(it -> !(lazily.retries() && it.isDue(now)))
                    .map(FailedLoad::failure);
        }
    }

    /** Why the version that ought to answer does not; otherwise as {@link #standingFailure}. */
    Optional<KitchenException> standingFailure() {
        return info().currentVersion().flatMap(this::standingFailure);
    }

    /** What ought to be in memory and did not load. */
    Map<VersionInfo, FailedLoad> failures() {
        Map<VersionInfo, FailedLoad> failures = new LinkedHashMap<>();
        synchronized (lock) {
            for (VersionInfo version : Residents.of(info)) {
                loaded.failure(version).filter(it -> !loaded.has(version)).ifPresent(it -> failures.put(version, it));
            }
        }
        return failures;
    }

    /**
     * Returns the versions that have to be loaded for a description of the model. A version that did not load before is
     * returned only if it is due to be tried again, or if all of those are to be.
     *
     * @param of the state of the source that the description is from; one that is older than the known state is ignored
     * @param retry whether all versions that did not load are to be tried again
     */
    List<VersionInfo> missing(ModelInfo wanted, Edition of, boolean retry) {
        synchronized (lock) {
            ModelInfo newest = of.compareTo(edition) < 0 ? info : withOverride(wanted);
            return missing(newest, retry);
        }
    }

    /** Returns the versions that have to be loaded now, without those that did not load and are not due to be tried again. */
    List<VersionInfo> missing() {
        synchronized (lock) {
            return missing(info, false);
        }
    }

    private List<VersionInfo> missing(ModelInfo wanted, boolean retry) {
        long now = engine.ticker().nanoTime();
        return Residents.of(wanted).stream()
                .filter(it -> !loaded.has(it))
                .filter(it -> retry
                        || loaded.failure(it)
                                .map(failed -> failed.isToBeRetried(it, now))
                                .orElse(true))
                .toList();
    }

    /** Whether something that did not load is to be tried again. */
    boolean hasRetries() {
        long now = engine.ticker().nanoTime();
        return failures().entrySet().stream().anyMatch(it -> it.getValue().isToBeRetried(it.getKey(), now));
    }

    /** The files that versions in memory were loaded from. */
    Map<VersionInfo, VersionFiles> files() {
        synchronized (lock) {
            return loaded.files();
        }
    }

    /** A version is in memory; it answers from the next {@link #apply} on that wants it, or leaves with it. */
    void add(VersionInfo version, ServedModel model) {
        try {
            VersionFiles files = VersionFiles.of(version.path());
            synchronized (lock) {
                if (loaded.add(version, model, files) && closed) {
                    model.retire();
                }
            }
        } catch (Throwable e) {
            // Nobody else knows of it yet.
            model.retire();
            throw e;
        }
    }

    /**
     * A version did not load.
     *
     * @param files what they looked like before
     */
    void failed(VersionInfo version, KitchenException failure, VersionFiles files) {
        synchronized (lock) {
            loaded.failed(version, failure, files, engine.ticker().nanoTime());
        }
    }

    /** Lets those answer who ought to, as far as they are in memory. An older edition than the last one changes nothing. */
    void apply(ModelInfo wanted, Edition of) {
        Optional<SwapEvent> swap;
        synchronized (lock) {
            if (of.compareTo(edition) >= 0) {
                edition = of;
                documented = wanted;
                override = override.filter(it -> it.holdsFor(wanted));
            }
            swap = publish();
        }
        swap.ifPresent(this::tell);
    }

    /** Lets a version in memory answer although the document does not say so. */
    void override(String version) {
        Optional<SwapEvent> swap;
        synchronized (lock) {
            override = Optional.of(new LocalRollback(documented.currentVersion(), version, operations.get()));
            swap = publish();
        }
        swap.ifPresent(this::tell);
    }

    /**
     * Drops a roll back that could not be written, if it is older than an operation that the document now contains. The next
     * {@link #apply} goes by the document.
     *
     * @param operation as returned by {@link #beginOperation}
     */
    void dropOverride(long operation) {
        synchronized (lock) {
            override = override.filter(it -> it.operation() > operation);
        }
    }

    private void tell(SwapEvent swap) {
        LOGGER.info(
                "model {}: version {} answers, after {}",
                name,
                swap.to().orElse("none"),
                swap.from().orElse("none"));
        brokenCallers().ifPresent(it -> LOGGER.warn("model {}: {}", name, it));
        engine.listener().onSwap(swap);
    }

    Optional<LocalRollback> override() {
        synchronized (lock) {
            return override;
        }
    }

    /** The document's word holds again as soon as it says something new. */
    private ModelInfo withOverride(ModelInfo wanted) {
        return override.filter(it -> it.holdsFor(wanted))
                .map(it -> it.applied(wanted))
                .orElse(wanted);
    }

    private Optional<SwapEvent> publish() {
        info = withOverride(documented);
        if (closed) {
            return Optional.empty();
        }
        ServedModel before = current;
        current = chosen();
        retainResidents();
        slot.publish(lineup());
        loaded.retireLeaving();
        if (Objects.equals(before, current)) {
            return Optional.empty();
        }
        brokenCallers = before == null || current == null || edition.registered()
                ? Optional.empty()
                : ModelProblems.brokenCallers(before, current);
        return Optional.of(new SwapEvent(name, version(before), version(current), edition.generation()));
    }

    /** How the version that answers breaks callers of the one before, in words. */
    Optional<String> brokenCallers() {
        synchronized (lock) {
            return brokenCallers;
        }
    }

    /** Returns the version that is to answer: the current one if it is in memory, or else the one that answers now. */
    private @Nullable ServedModel chosen() {
        if (!info.active()) {
            return null;
        }
        return info.currentVersion().flatMap(loaded::find).orElseGet(this::standIn);
    }

    private @Nullable ServedModel standIn() {
        ServedModel before = current;
        // It may have been loaded a second time, and the first one be on its way out.
        return before == null ? null : loaded.find(before.version()).orElse(before);
    }

    /** Unloads the versions that need not stay in memory. The version that answers always stays. */
    private void retainResidents() {
        Set<String> stay = new HashSet<>();
        Residents.of(info).forEach(it -> stay.add(it.version()));
        version(current).ifPresent(stay::add);
        loaded.retain(stay::contains);
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
        return inMemory(version).isPresent();
    }

    /** The version, if that very content is in memory. */
    Optional<ServedModel> inMemory(VersionInfo version) {
        synchronized (lock) {
            return loaded.has(version) ? loaded.find(version.version()) : Optional.empty();
        }
    }

    /** Whether a version is to be in memory, and is not. */
    boolean lacks(VersionInfo version) {
        synchronized (lock) {
            return !closed
                    && !loaded.has(version)
                    && Residents.of(info).stream().anyMatch(it -> it.version().equals(version.version()));
        }
    }

    /** Lets those answer who came into memory since. */
    void reapply() {
        Optional<SwapEvent> swap;
        synchronized (lock) {
            swap = publish();
        }
        swap.ifPresent(this::tell);
    }

    /** Begins an operation that changes who answers, and makes all earlier ones outdated. */
    long beginOperation() {
        return operations.incrementAndGet();
    }

    /** Whether no later operation has begun. */
    boolean isNewest(long operation) {
        return operations.get() == operation;
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

    /**
     * Closes the model if it never had a current version and none of its versions is in memory. Returns whether it did.
     *
     * @param gone the state of the source that no longer has the model; one that is older than the known state is ignored
     */
    boolean closeUnused(Edition gone) {
        synchronized (lock) {
            boolean isKnownToBeGone = edition.compareTo(Edition.NONE) > 0 && gone.compareTo(edition) >= 0;
            if (closed
                    || !isKnownToBeGone
                    || info.currentVersion().isPresent()
                    || current != null
                    || !loaded.unfreed().isEmpty()) {
                return false;
            }
            closed = true;
            return true;
        }
    }

    private static Optional<String> version(@Nullable ServedModel model) {
        return Optional.ofNullable(model).map(ServedModel::version);
    }
}
