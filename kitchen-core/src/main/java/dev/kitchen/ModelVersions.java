package dev.kitchen;

import dev.kitchen.error.KitchenException;
import dev.kitchen.observe.SwapEvent;
import dev.kitchen.registry.ModelInfo;
import dev.kitchen.registry.VersionInfo;
import dev.kitchen.serving.Lineup;
import dev.kitchen.serving.ServedModel;
import dev.kitchen.serving.ServingSlot;
import dev.kitchen.store.Edition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
    private ModelInfo info;
    private Edition edition = Edition.NONE;
    private @Nullable ServedModel current;
    private Optional<LocalRollback> override = Optional.empty();
    private Optional<String> brokenCallers = Optional.empty();
    private boolean closed;

    ModelVersions(ModelInfo info, Engine engine, AbsentVersion.Lazily lazily) {
        this.name = info.name();
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

    /** What ought to be in memory and is not; what failed before only if it is time, or all of that is to be tried again. */
    List<VersionInfo> missing(ModelInfo wanted, boolean retry) {
        List<VersionInfo> missing = new ArrayList<>();
        Map<VersionInfo, FailedLoad> failed = new LinkedHashMap<>();
        synchronized (lock) {
            for (VersionInfo version : Residents.of(withOverride(wanted))) {
                if (!loaded.has(version)) {
                    missing.add(version);
                    loaded.failure(version).ifPresent(it -> failed.put(version, it));
                }
            }
        }
        long now = engine.ticker().nanoTime();
        missing.removeIf(it -> !retry
                && failed.containsKey(it)
                && !Objects.requireNonNull(failed.get(it)).isToBeRetried(it, now));
        return missing;
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

    /** The version in memory, or whoever answers now. */
    private @Nullable ServedModel loadedModel(String version) {
        ServedModel before = current;
        // It may have been loaded a second time, and the first one be on its way out.
        ServedModel standIn =
                before == null ? null : loaded.find(before.version()).orElse(before);
        return loaded.find(version).orElse(standIn);
    }

    /** Those that are not to stay in memory leave, but for whoever has to answer in place of one that did not load. */
    private void retainResidents() {
        List<String> residents =
                Residents.of(info).stream().map(VersionInfo::version).toList();
        // What ought to answer may be retired or gone, where a roll back holds for this process only.
        boolean replaced = info.currentVersion()
                .filter(residents::contains)
                .flatMap(loaded::find)
                .isPresent();
        Optional<String> standIn = info.active() && !replaced ? version(current) : Optional.empty();
        loaded.retain((version, model) ->
                residents.contains(version) || standIn.filter(version::equals).isPresent());
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

    private static Optional<String> version(@Nullable ServedModel model) {
        return Optional.ofNullable(model).map(ServedModel::version);
    }
}
