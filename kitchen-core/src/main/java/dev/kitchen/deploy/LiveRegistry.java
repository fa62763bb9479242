package dev.kitchen.deploy;

import dev.kitchen.base.ForeignCode;
import dev.kitchen.error.KitchenException;
import dev.kitchen.error.MessageText;
import dev.kitchen.error.RegistryException;
import dev.kitchen.error.RegistryException.Reason;
import dev.kitchen.models.ModelTable;
import dev.kitchen.models.ModelVersions;
import dev.kitchen.observe.RegistryEvent;
import dev.kitchen.registry.AuditEntry;
import dev.kitchen.registry.DeployRequest;
import dev.kitchen.registry.ModelInfo;
import dev.kitchen.registry.ModelRegistry;
import dev.kitchen.registry.VersionInfo;
import dev.kitchen.registry.VersionInfo.Status;
import dev.kitchen.registry.VersionPolicy;
import dev.kitchen.serving.ServingContext;
import dev.kitchen.store.RegistryDirectory;
import dev.kitchen.store.RegistrySnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registry as a kitchen offers it: each operation proves what has to be proved, commits it to the document, and lets
 * this process go by it. The newest operation wins: one that took long changes nothing about who answers if another one
 * began meanwhile.
 */
public final class LiveRegistry implements ModelRegistry {

    private static final Logger LOGGER = LoggerFactory.getLogger(LiveRegistry.class);

    private final RegistryPlace place;
    private final ModelTable table;
    private final RegistryModels models;
    private final Proving proving;
    private final DeployOperation deploying;
    private final RollBacks rollBacks;
    private final ServingContext context;

    public LiveRegistry(RegistryPlace place, ModelTable table, ServingContext context) {
        this.place = place;
        this.table = table;
        this.models = new RegistryModels(place, table, context);
        this.rollBacks = new RollBacks(place, table, models);
        this.proving = new Proving(table.loading(), table.loader(), context);
        this.deploying = new DeployOperation(table, proving);
        this.context = context;
    }

    /** Stops the proofs under way, because the kitchen closes. */
    public void stopProofs() {
        proving.stop();
    }

    @Override
    public VersionInfo deploy(DeployRequest request) {
        return told(
                "deploy",
                request.model(),
                () -> described(deploying.run(models.forWriting(), request, it -> again(request, it))));
    }

    /** The same content once more: what the request says of it is added, and a retired version may be loaded again. */
    private void again(DeployRequest request, VersionInfo registered) {
        LOGGER.info("model {}, version {} is registered already", registered.model(), registered.version());
        String model = registered.model();
        table.applyOne(models.forWriting().describe(model, registered.version(), request), model);
        if (request.activate()) {
            activate(model, registered.version());
        }
    }

    @Override
    public VersionInfo activate(String model, String version) {
        beginOperation(model);
        return withVersion(
                "activate",
                model,
                version,
                (directory, target) -> directory.activate(model, target.version(), "activate"));
    }

    /** What is written of a version that is in memory. */
    private interface VersionChange {
        RegistrySnapshot of(RegistryDirectory directory, VersionInfo target);
    }

    /** Loads a version before it is needed, and writes something of it. */
    private VersionInfo withVersion(String operation, String model, String versionOrAlias, VersionChange change) {
        return told(operation, model, () -> {
            VersionInfo target = models.load(models.requireNow(model), versionOrAlias);
            table.applyOne(change.of(models.forWriting(), target), target);
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
        beginOperation(model);
        return told("rollback", model, unwritten -> described(rollBacks.toPrevious(model, unwritten)));
    }

    @Override
    public VersionInfo rollback(String model, String version) {
        beginOperation(model);
        return told("rollback", model, unwritten -> described(rollBacks.to(model, version, unwritten)));
    }

    @Override
    public void alias(String model, String alias, String version) {
        withVersion("alias", model, version, (directory, target) -> directory.alias(model, alias, target.version()));
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
            ModelVersions versions = models.requireNow(model);
            VersionInfo target = RegistryModels.requireVersion(versions, version);
            RegistryDirectory directory = models.forWriting();
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
            models.requireNow(model).beginOperation();
            RegistrySnapshot snapshot = change.apply(models.forWriting());
            table.applyOne(snapshot, model);
            return snapshot;
        });
    }

    @Override
    public List<ModelInfo> list() {
        return table.all().stream().map(LiveRegistry::seen).toList();
    }

    @Override
    public ModelInfo describe(String model) {
        return seen(models.require(model));
    }

    private static ModelInfo seen(ModelVersions versions) {
        ModelInfo info = versions.info();
        return info.withVersions(info.versions().stream()
                .map(it -> it.withRuntime(versions.runtime(it.version())))
                .toList());
    }

    private VersionInfo described(VersionInfo target) {
        ModelVersions versions = models.require(target.model());
        return versions.info().version(target.version()).orElse(target).withRuntime(versions.runtime(target.version()));
    }

    @Override
    public List<String> verify(String model) {
        List<String> problems = new ArrayList<>();
        place.find().ifPresent(directory -> {
            for (VersionInfo version : models.require(model).info().versions()) {
                if (version.status() != Status.REJECTED) {
                    problems.addAll(directory.verify(version));
                }
            }
            problems.addAll(directory.orphans(model));
        });
        return problems;
    }

    @Override
    public List<AuditEntry> history(String model) {
        models.require(model);
        return place.find().map(it -> it.history(model)).orElse(List.of());
    }

    private <T> T told(String operation, String model, Supplier<T> work) {
        return told(operation, model, unwritten -> work.get());
    }

    /** Does something and tells the listeners how it went; the work says what failed although it went on. */
    private <T> T told(String operation, String model, Function<Consumer<KitchenException>, T> work) {
        context.open().requireOpen();
        long start = System.nanoTime();
        Object begun = context.listener().begin(RegistryEvent.class);
        AtomicReference<@Nullable KitchenException> failure = new AtomicReference<>();
        try {
            return work.apply(failure::set);
        } catch (Throwable thrown) {
            KitchenException e = ForeignCode.typed(
                    "model '" + MessageText.of(model) + "': " + operation + " failed",
                    thrown,
                    (message, cause) -> new RegistryException(Reason.UNWRITABLE, message, cause));
            failure.set(e);
            throw e;
        } finally {
            Optional<KitchenException> told = Optional.ofNullable(failure.get());
            context.listener().end(begun, new RegistryEvent(operation, model, System.nanoTime() - start, told));
        }
    }

    /** Writes the roll backs that could not be written before. */
    public void writeOverrides() {
        rollBacks.writeOverrides();
    }
}
