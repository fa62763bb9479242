package dev.kitchen;

import dev.kitchen.error.KitchenException;
import dev.kitchen.predict.CallContext;
import dev.kitchen.registry.ModelInfo;
import dev.kitchen.registry.VersionInfo;
import dev.kitchen.serving.ServedModel;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Versions on their way into memory, each loaded once however many want it. Safe for use by many threads. */
final class PendingVersions {

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
    List<Pending> start(ModelVersions versions, ModelInfo wanted, boolean retry) {
        return versions.missing(wanted, retry).stream()
                .filter(it -> !deploying.contains(List.of(it.model(), it.version())))
                .map(this::start)
                .toList();
    }

    private Pending start(VersionInfo version) {
        List<Object> key = List.of(version.model(), version.version(), version.sha256());
        VersionFiles files = VersionFiles.of(version.path());
        return new Pending(version, files, loader.load(key, () -> loading.apply(version)));
    }

    /** Waits for one, and notes whether it is in memory now, or why it is not. */
    static void finish(ModelVersions versions, Pending pending) {
        try {
            versions.add(pending.version, VersionLoader.await(pending.loading));
        } catch (KitchenException e) {
            versions.failed(pending.version, e, pending.files);
        }
    }

    /** Loads in the background what is missing, lets it answer, and tells. */
    @SuppressWarnings("FutureReturnValueIgnored") // what comes of each is in the other futures
    void loadMissing(ModelVersions versions, Runnable then) {
        List<Pending> pending = start(versions, versions.info(), false);
        CompletableFuture<?>[] all = pending.stream().map(Pending::loading).toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(all).whenComplete((nothing, failure) -> {
            pending.forEach(it -> finish(versions, it));
            versions.reapply();
            then.run();
        });
    }

    /** Loads a version before it is the current one; returns at once if it is in memory. */
    void require(ModelVersions versions, VersionInfo version) {
        if (versions.isInMemory(version)) {
            return;
        }
        Pending pending = start(version);
        versions.add(version, VersionLoader.await(pending.loading));
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
        CompletableFuture<Void> loaded = new CompletableFuture<>();
        loadMissing(versions, () -> loaded.complete(null));
        VersionLoader.await(
                loaded,
                versions.slot().place(),
                context,
                context.hasDeadline() ? engine.ticker().nanoTime() : 0);
    }
}
