package dev.kitchen;

import dev.kitchen.error.MessageText;
import dev.kitchen.error.ModelNotFoundException;
import dev.kitchen.error.RegistryException;
import dev.kitchen.error.RegistryException.Reason;
import dev.kitchen.registry.ModelInfo;
import dev.kitchen.registry.VersionInfo;
import dev.kitchen.registry.VersionInfo.Status;
import dev.kitchen.store.RegistryDirectory;

/** Finds the models and versions that operations of the registry are about, and the directory that they change. */
final class RegistryModels {

    private final RegistryPlace place;
    private final ModelTable table;
    private final Engine engine;

    RegistryModels(RegistryPlace place, ModelTable table, Engine engine) {
        this.place = place;
        this.table = table;
        this.engine = engine;
    }

    /** A model as this process knows it. */
    ModelVersions require(String model) {
        engine.requireOpen();
        return table.find(model)
                .orElseThrow(() -> new ModelNotFoundException("no model '" + MessageText.of(model)
                        + "' is registered, expected one of "
                        + MessageText.of(
                                table.all().stream().map(ModelVersions::name).toList())));
    }

    /** A model as the registry has it now: other processes may have changed it since this one looked. */
    ModelVersions requireNow(String model) {
        engine.requireOpen();
        place.find().ifPresent(it -> table.applyOne(it.refresh(), model));
        return require(model);
    }

    /** Drops a roll back that could not be written, if it is older than an operation that the document now contains. */
    void dropOverride(String model, long operation) {
        table.find(model).ifPresent(it -> it.dropOverride(operation));
    }

    static VersionInfo requireVersion(ModelVersions versions, String versionOrAlias) {
        ModelInfo info = versions.info();
        return info.resolve(versionOrAlias)
                .flatMap(info::version)
                .orElseThrow(() -> new ModelNotFoundException("model '" + info.name() + "': has no version '"
                        + MessageText.of(versionOrAlias) + "', expected one of "
                        + MessageText.of(info.versions().stream()
                                .map(VersionInfo::version)
                                .toList())));
    }

    /** Brings a version into memory before it is needed. */
    VersionInfo load(ModelVersions versions, String versionOrAlias) {
        VersionInfo version = requireVersion(versions, versionOrAlias);
        if (version.status() == Status.REJECTED) {
            throw new RegistryException(
                    Reason.REJECTED,
                    "model '" + version.model() + "', version '" + version.version() + "': was rejected: "
                            + version.reason());
        }
        table.pending().require(versions, version);
        return version;
    }

    /** The registry, which is created of the plain models where there is none. */
    RegistryDirectory forWriting() {
        RegistryDirectory directory =
                place.findOrCreate(table.all().stream().map(ModelVersions::info).toList());
        table.source(new RegisteredModels(directory));
        return directory;
    }
}
