package dev.kitchen;

import dev.kitchen.base.ForeignCode;
import dev.kitchen.error.CancelledException;
import dev.kitchen.error.KitchenException;
import dev.kitchen.error.ModelLoadException;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.predict.CallContext;
import dev.kitchen.registry.ModelInfo;
import dev.kitchen.registry.VersionInfo;
import dev.kitchen.serving.ServedModel;
import dev.kitchen.store.Edition;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Versions on their way into memory, each loaded once however many want it. Safe for use by many threads. */
final class PendingVersions {

    private static final Logger LOGGER = LoggerFactory.getLogger(PendingVersions.class);

    private final VersionLoader loader;
    private final Engine engine;
    private final Function<VersionInfo, ServedModel> loading;
    private final Set<List<String>> deploying = ConcurrentHashMap.newKeySet();

    /** A version on its way into memory, and what its files looked like before that. */
    record Pending(VersionInfo version, VersionFiles files, CompletableFuture<ServedModel> loading) {}

    PendingVersions(VersionLoader loader, Engine engine, Function<VersionInfo, ServedModel> loading) {
        this.loader = loader;
        this.engine = engine;
        this.loading = loading;
    }

    /** A version that is being deployed is in memory already: nobody else is to load it as soon as it is registered. */
    void leaveToDeployment(String model, String version) {
        deploying.add(List.of(model, version));
    }

    void deploymentEnded(String model, String version) {
        deploying.remove(List.of(model, version));
    }

    /** Begins to load what ought to be in memory and is not; what failed before only if it is to be tried again. */
    List<Pending> start(ModelVersions versions, ModelInfo wanted, Edition of, boolean retry) {
        return start(versions, () -> versions.missing(wanted, of, retry));
    }

    private List<Pending> start(ModelVersions versions, Supplier<List<VersionInfo>> missing) {
        // This has to be read first. A version whose deployment ends later is left to the deployment, and one whose
        // deployment ended earlier is in memory already, so it is not missing.
        Set<List<String>> left = Set.copyOf(deploying);
        return missing.get().stream()
                .filter(it -> !left.contains(List.of(it.model(), it.version())))
                .map(it -> start(versions, it))
                .toList();
    }

    /** What is loaded is its model's before anybody waits for it, so that it is lost to nobody who stops waiting. */
    private Pending start(ModelVersions versions, VersionInfo version) {
        List<Object> key = List.of(version.model(), version.version(), version.sha256());
        VersionFiles files = VersionFiles.of(version.path());
        try {
            return new Pending(version, files, loader.load(key, () -> load(versions, version, files)));
        } catch (NotReadyException e) {
            versions.failed(version, e, files);
            return new Pending(version, files, CompletableFuture.failedFuture(e));
        }
    }

    private ServedModel load(ModelVersions versions, VersionInfo version, VersionFiles files) {
        try {
            // Somebody else may have loaded it since it was missed.
            ServedModel present = versions.inMemory(version).orElse(null);
            if (present != null) {
                return present;
            }
            ServedModel model = loading.apply(version);
            versions.add(version, model);
            return model;
        } catch (Throwable e) {
            KitchenException failure = ForeignCode.typed("loading failed", e, ModelLoadException::new);
            versions.failed(version, failure, files);
            throw failure;
        }
    }

    /**
     * Waits for one; the model knows whether it is in memory now, or why it is not.
     *
     * @throws CancelledException if the thread is interrupted
     * @throws NotReadyException if the kitchen was closed meanwhile
     */
    void finish(ModelVersions versions, Pending pending) {
        try {
            VersionLoader.await(pending.loading);
        } catch (CancelledException e) {
            leave(versions, pending);
            throw e;
        } catch (KitchenException e) {
            engine.requireOpen();
            LOGGER.debug("{} did not load", pending.version, e);
        }
    }

    /** Lets go of what is loaded for nobody: a version that is not to be in memory leaves it again. */
    @SuppressWarnings("FutureReturnValueIgnored") // reapply is all that follows
    private static void leave(ModelVersions versions, Pending pending) {
        pending.loading.whenComplete((model, failure) -> versions.reapply());
    }

    /** Loads in the background what is missing, and lets it answer. */
    @SuppressWarnings("FutureReturnValueIgnored") // what did not load has been noted
    void loadMissing(ModelVersions versions) {
        missingLoaded(versions);
    }

    private CompletableFuture<Void> missingLoaded(ModelVersions versions) {
        List<Pending> pending = start(versions, versions::missing);
        CompletableFuture<?>[] all = pending.stream().map(Pending::loading).toArray(CompletableFuture[]::new);
        // What did not load has been noted, and keeps nothing else from answering.
        return CompletableFuture.allOf(all).handle((nothing, failure) -> {
            versions.reapply();
            return null;
        });
    }

    /** Loads a version before it is the current one; returns at once if it is in memory. */
    void require(ModelVersions versions, VersionInfo version) {
        if (versions.isInMemory(version)) {
            return;
        }
        Pending pending = start(versions, version);
        try {
            VersionLoader.await(pending.loading);
        } catch (CancelledException e) {
            leave(versions, pending);
            throw e;
        }
    }

    /**
     * How calls get what they ask for.
     *
     * @param retries whether they try again what did not load
     */
    AbsentVersion.Lazily onDemand(boolean retries) {
        return new AbsentVersion.Lazily() {
            @Override
            public void load(ModelVersions model, CallContext context) {
                loadLazily(model, context);
            }

            @Override
            public boolean retries() {
                return retries;
            }
        };
    }

    /** Loads what is missing for a call that asked for it, which waits no longer than it may. */
    private void loadLazily(ModelVersions versions, CallContext context) {
        VersionLoader.await(
                missingLoaded(versions),
                versions.slot().place(),
                context,
                context.hasDeadline() ? engine.ticker().nanoTime() : 0);
    }
}
