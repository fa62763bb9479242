package dev.kitchen;

import dev.kitchen.base.ForeignCode;
import dev.kitchen.error.KitchenException;
import dev.kitchen.error.ModelNotFoundException;
import dev.kitchen.error.RegistryException;
import dev.kitchen.error.RegistryException.Reason;
import dev.kitchen.observe.RegistryEvent;
import dev.kitchen.registry.AuditEntry;
import dev.kitchen.registry.DeployRequest;
import dev.kitchen.registry.ModelInfo;
import dev.kitchen.registry.ModelRegistry;
import dev.kitchen.registry.VersionInfo;
import dev.kitchen.registry.VersionInfo.Status;
import dev.kitchen.registry.VersionPolicy;
import dev.kitchen.store.RegistryDirectory;
import dev.kitchen.store.RegistrySnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registry as a kitchen offers it: each operation proves what has to be proved, commits it to the document, and lets
 * this process go by it. The newest operation wins: one that took long changes nothing about who answers if another one
 * began meanwhile.
 */
final class Deployment implements ModelRegistry {

    private static final Logger LOGGER = LoggerFactory.getLogger(Deployment.class);

    private final RegistryPlace place;
    private final ModelTable table;
    private final DeployOperation deploying;
    private final Engine engine;

    Deployment(RegistryPlace place, ModelTable table, Proving proving, Engine engine) {
        this.place = place;
        this.table = table;
        this.deploying = new DeployOperation(table, proving);
        this.engine = engine;
    }

    @Override
    public VersionInfo deploy(DeployRequest request) {
        return told(
                "deploy",
                request.model(),
                () -> described(deploying.run(forWriting(), request, it -> again(request, it))));
    }

    private void again(DeployRequest request, VersionInfo registered) {
        LOGGER.info("model {}, version {} is registered already", registered.model(), registered.version());
        if (request.activate() && registered.status() != Status.ACTIVE) {
            activate(registered.model(), registered.version());
        }
    }

    @Override
    public VersionInfo activate(String model, String version) {
        beginOperation(model);
        return withVersion(
                "activate",
                model,
                version,
                (directory, versions, target) ->
                        table.applyOne(directory.activate(model, target.version(), "activate"), model));
    }

    /** What is done with a version that is in memory. */
    private interface Step {
        void take(RegistryDirectory directory, ModelVersions versions, VersionInfo target);
    }

    /** Loads a version before it is needed, and does something with it. */
    private VersionInfo withVersion(String operation, String model, String versionOrAlias, Step step) {
        return told(operation, model, () -> {
            ModelVersions versions = require(model);
            VersionInfo target = requireLoadable(versions, versionOrAlias);
            RegistryDirectory directory = forWriting();
            table.pending().require(versions, target);
            step.take(directory, versions, target);
            return described(target);
        });
    }

    /** Makes earlier operations outdated, also those that still load. */
    private void beginOperation(String model) {
        table.find(model).ifPresent(ModelVersions::beginOperation);
    }

    @Override
    public void activate(String model) {
        change("activate", model, it -> it.offer(model));
    }

    @Override
    public void deactivate(String model) {
        change("deactivate", model, it -> it.withdraw(model));
    }

    @Override
    public VersionInfo rollback(String model) {
        ModelInfo info = require(model).info();
        List<String> previous = info.previousVersions();
        if (previous.isEmpty()) {
            throw new RegistryException(
                    Reason.CONFLICT,
                    "model '" + model + "': has no previous version to roll back to, current is "
                            + info.currentVersion().orElse("none"));
        }
        return rollback(model, previous.get(0));
    }

    @Override
    public VersionInfo rollback(String model, String version) {
        beginOperation(model);
        return withVersion("rollback", model, version, (directory, versions, target) -> {
            try {
                table.applyOne(directory.activate(model, target.version(), "rollback"), model);
            } catch (RegistryException e) {
                rollBackHereOnly(versions, target, e);
            }
        });
    }

    /** A disk that is full must not keep a bad version in service. */
    private static void rollBackHereOnly(ModelVersions versions, VersionInfo target, RegistryException e) {
        boolean isDiskTrouble =
                e.reason() == Reason.UNWRITABLE || e.reason() == Reason.LOCKED || e.reason() == Reason.DAMAGED;
        if (!isDiskTrouble) {
            throw e;
        }
        LOGGER.error(
                "model {} is rolled back to version {} in this process only, until the registry can be written",
                versions.name(),
                target.version(),
                e);
        versions.override(target.version());
    }

    /** Writes the roll backs that could not be written before. */
    void writeOverrides() {
        for (ModelVersions versions : table.all()) {
            versions.override()
                    .ifPresent(it -> place.find().ifPresent(directory -> {
                        RegistrySnapshot snapshot = directory.refresh();
                        Optional<String> current =
                                snapshot.model(versions.name()).flatMap(ModelInfo::currentVersion);
                        if (current.equals(it.from())) {
                            snapshot = directory.activate(versions.name(), it.to(), "rollback");
                        }
                        table.applyOne(snapshot, versions.name());
                        LOGGER.info("model {}: the roll back to version {} is written", versions.name(), it.to());
                    }));
        }
    }

    @Override
    public void alias(String model, String alias, String version) {
        withVersion(
                "alias",
                model,
                version,
                (directory, versions, target) ->
                        table.applyOne(directory.alias(model, alias, target.version()), model));
    }

    @Override
    public void removeAlias(String model, String alias) {
        change("unalias", model, it -> it.removeAlias(model, alias));
    }

    @Override
    public void retire(String model, String version) {
        change("retire", model, it -> it.retire(model, version));
    }

    @Override
    public void delete(String model, String version) {
        told("delete", model, () -> {
            ModelVersions versions = require(model);
            RegistryDirectory directory = forWriting();
            VersionInfo target = requireVersion(versions, version);
            long calls = versions.runtime(target.version()).inFlight();
            if (calls > 0) {
                throw new RegistryException(
                        Reason.IN_USE,
                        "model '" + model + "', version '" + version + "': answers " + calls
                                + " calls, expected none; retire it first");
            }
            table.applyOne(directory.remove(model, target.version()), model);
            directory.deleteFiles(target);
            return target;
        });
    }

    @Override
    public void policy(String model, VersionPolicy policy) {
        change("policy", model, it -> it.policy(model, policy));
    }

    private void change(String operation, String model, Function<RegistryDirectory, RegistrySnapshot> change) {
        told(operation, model, () -> {
            require(model).beginOperation();
            RegistrySnapshot snapshot = change.apply(forWriting());
            table.applyOne(snapshot, model);
            return snapshot;
        });
    }

    @Override
    public List<ModelInfo> list() {
        return table.all().stream().map(Deployment::seen).toList();
    }

    @Override
    public ModelInfo describe(String model) {
        return seen(require(model));
    }

    private static ModelInfo seen(ModelVersions versions) {
        ModelInfo info = versions.info();
        return info.withVersions(info.versions().stream()
                .map(it -> it.withRuntime(versions.runtime(it.version())))
                .toList());
    }

    private VersionInfo described(VersionInfo target) {
        return describe(target.model()).version(target.version()).orElse(target);
    }

    @Override
    public List<String> verify(String model) {
        List<String> problems = new ArrayList<>();
        place.find().ifPresent(directory -> {
            for (VersionInfo version : require(model).info().versions()) {
                if (version.status() != Status.REJECTED) {
                    problems.addAll(directory.verify(version));
                }
            }
        });
        return problems;
    }

    @Override
    public List<AuditEntry> history(String model) {
        require(model);
        return place.find().map(it -> it.history(model)).orElse(List.of());
    }

    private ModelVersions require(String model) {
        engine.requireOpen();
        return table.find(model)
                .orElseThrow(() -> new ModelNotFoundException("no model '" + Engine.printable(model)
                        + "' is registered, expected one of "
                        + table.all().stream().map(ModelVersions::name).toList()));
    }

    private static VersionInfo requireVersion(ModelVersions versions, String versionOrAlias) {
        ModelInfo info = versions.info();
        return info.resolve(versionOrAlias)
                .flatMap(info::version)
                .orElseThrow(() -> new ModelNotFoundException("model '" + info.name() + "': has no version '"
                        + Engine.printable(versionOrAlias) + "', expected one of "
                        + info.versions().stream().map(VersionInfo::version).toList()));
    }

    private static VersionInfo requireLoadable(ModelVersions versions, String versionOrAlias) {
        VersionInfo version = requireVersion(versions, versionOrAlias);
        if (version.status() == Status.REJECTED) {
            throw new RegistryException(
                    Reason.REJECTED,
                    "model '" + version.model() + "', version '" + version.version() + "': was rejected: "
                            + version.reason());
        }
        return version;
    }

    private RegistryDirectory forWriting() {
        RegistryDirectory directory =
                place.findOrCreate(table.all().stream().map(ModelVersions::info).toList());
        table.source(new RegisteredModels(directory));
        return directory;
    }

    private <T> T told(String operation, String model, Supplier<T> work) {
        engine.requireOpen();
        long start = System.nanoTime();
        Optional<KitchenException> failure = Optional.empty();
        try {
            return work.get();
        } catch (Throwable thrown) {
            KitchenException e = ForeignCode.typed(
                    "model '" + Engine.printable(model) + "': " + operation + " failed",
                    thrown,
                    (message, cause) -> new RegistryException(Reason.UNWRITABLE, message, cause));
            failure = Optional.of(e);
            throw e;
        } finally {
            engine.listener().onRegistry(new RegistryEvent(operation, model, System.nanoTime() - start, failure));
        }
    }
}
