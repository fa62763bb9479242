package dev.kitchen.deploy;

import dev.kitchen.error.KitchenException;
import dev.kitchen.error.ModelNotFoundException;
import dev.kitchen.error.RegistryException;
import dev.kitchen.error.RegistryException.Reason;
import dev.kitchen.models.LocalRollback;
import dev.kitchen.models.ModelTable;
import dev.kitchen.models.ModelVersions;
import dev.kitchen.registry.VersionInfo;
import dev.kitchen.store.Lookup;
import dev.kitchen.store.RegistryDirectory;
import dev.kitchen.store.RegistrySnapshot;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes earlier versions current again. What this process serves changes even where the document cannot be written, as a
 * disk that is full must not keep a bad version in service.
 */
final class RollBacks {

    private static final Logger LOGGER = LoggerFactory.getLogger(RollBacks.class);

    /** How often a target is looked for anew because other processes changed it meanwhile. */
    private static final int ATTEMPTS = 20;

    private final RegistryPlace place;
    private final ModelTable table;
    private final RegistryModels models;

    RollBacks(RegistryPlace place, ModelTable table, RegistryModels models) {
        this.place = place;
        this.table = table;
        this.models = models;
    }

    /** What makes a version that is in memory the current one in the document; empty where that is not wanted any more. */
    private interface Write {
        Optional<RegistrySnapshot> in(RegistryDirectory directory, VersionInfo target);
    }

    /**
     * Goes back to the version that was current before the one that is, as the registry has it at that moment.
     *
     * @param unwritten is told why the document could not be written
     */
    VersionInfo toPrevious(String model, Consumer<KitchenException> unwritten) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            ModelVersions versions = latest(model);
            String target = Lookup.previous(versions.info());
            Optional<VersionInfo> done = to(versions, target, RollBacks::rollBackOnce, unwritten);
            if (done.isPresent()) {
                return done.get();
            }
        }
        throw new RegistryException(
                Reason.CONFLICT, "model '" + model + "': other processes keep changing its versions, expected a pause");
    }

    private static Optional<RegistrySnapshot> rollBackOnce(RegistryDirectory directory, VersionInfo target) {
        String version = target.version();
        return directory.rollBack(
                target.model(), version, now -> Lookup.previous(now).equals(version));
    }

    /** Goes back to one version. */
    VersionInfo to(String model, String versionOrAlias, Consumer<KitchenException> unwritten) {
        return to(
                        latest(model),
                        versionOrAlias,
                        (directory, it) -> Optional.of(directory.activate(model, it.version(), "rollback")),
                        unwritten)
                .orElseThrow();
    }

    /** The model as the registry has it now, or, where that cannot be read, as this process knows it. */
    private ModelVersions latest(String model) {
        try {
            return models.requireNow(model);
        } catch (RegistryException e) {
            requireDiskTrouble(e);
            return models.require(model);
        }
    }

    private Optional<VersionInfo> to(
            ModelVersions versions, String versionOrAlias, Write write, Consumer<KitchenException> unwritten) {
        VersionInfo target = models.load(versions, versionOrAlias);
        try {
            Optional<RegistrySnapshot> written = write.in(models.forWriting(), target);
            written.ifPresent(it -> table.applyOne(it, target));
            return written.map(it -> target);
        } catch (RegistryException e) {
            requireDiskTrouble(e);
            LOGGER.error(
                    "model {} is rolled back to version {} in this process only, until the registry can be written",
                    versions.name(),
                    target.version(),
                    e);
            versions.override(target.version());
            unwritten.accept(e);
            return Optional.of(target);
        }
    }

    private static void requireDiskTrouble(RegistryException e) {
        boolean isDiskTrouble =
                e.reason() == Reason.UNWRITABLE || e.reason() == Reason.LOCKED || e.reason() == Reason.DAMAGED;
        if (!isDiskTrouble) {
            throw e;
        }
    }

    /** Writes the roll backs that could not be written before; one that still cannot be keeps nothing else from going on. */
    void writeOverrides() {
        for (ModelVersions versions : table.all()) {
            versions.override().ifPresent(it -> place.find().ifPresent(directory -> write(directory, versions, it)));
        }
    }

    private void write(RegistryDirectory directory, ModelVersions versions, LocalRollback rollback) {
        try {
            directory
                    .rollBack(versions.name(), rollback.to(), rollback::holdsFor)
                    .ifPresent(written -> {
                        LOGGER.info("model {}: the roll back to version {} is written", versions.name(), rollback.to());
                        table.applyOne(written, versions.name());
                    });
        } catch (RegistryException | ModelNotFoundException e) {
            LOGGER.debug("model {}: the roll back to version {} is not written", versions.name(), rollback.to(), e);
        }
    }
}
