package dev.kitchen.deploy;

import dev.kitchen.base.ForeignCode;
import dev.kitchen.error.CancelledException;
import dev.kitchen.error.KitchenException;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.error.RegistryException;
import dev.kitchen.error.RegistryException.Reason;
import dev.kitchen.models.ModelTable;
import dev.kitchen.models.ModelVersions;
import dev.kitchen.registry.DeployRequest;
import dev.kitchen.registry.ModelInfo;
import dev.kitchen.registry.VersionInfo;
import dev.kitchen.serving.ServedVersion;
import dev.kitchen.store.RegistryDirectory;
import dev.kitchen.store.RegistrySnapshot;
import dev.kitchen.store.StagedVersion;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A deploy, from files outside to a version that may answer: stage, prove, commit, publish. */
final class DeployOperation {

    private static final Logger LOGGER = LoggerFactory.getLogger(DeployOperation.class);

    private final ModelTable table;
    private final Proving proving;

    DeployOperation(ModelTable table, Proving proving) {
        this.table = table;
        this.proving = proving;
    }

    /**
     * Deploys.
     *
     * @param again what is done with a version that is registered with the same content
     * @return the version, as it is registered
     */
    VersionInfo run(RegistryDirectory directory, DeployRequest request, Consumer<VersionInfo> again) {
        RegistrySnapshot before = directory.refresh();
        table.applyOne(before, request.model());
        Optional<ModelVersions> present = table.find(request.model());
        Optional<String> currentBefore = before.model(request.model()).flatMap(ModelInfo::currentVersion);
        long operation = present.filter(it -> request.activate())
                .map(ModelVersions::beginOperation)
                .orElse(0L);
        try (StagedVersion staged = directory.stage(request)) {
            if (staged.registered().isPresent()) {
                again.accept(staged.registered().get());
                return staged.registered().get();
            }
            table.pending().leaveToDeployment(staged.model(), staged.version());
            try {
                Proving.Proved proved = proved(directory, staged, request, present);
                Predicate<ModelInfo> activate = now -> request.activate()
                        && present.map(it -> isStillWanted(now, it, operation, currentBefore))
                                .orElse(true);
                return commit(directory, staged, proved, activate);
            } finally {
                table.pending().deploymentEnded(staged.model(), staged.version());
            }
        }
    }

    /** Whether nobody, here or in another process, has decided since who is to answer; asked under the registry's lock. */
    private static boolean isStillWanted(
            ModelInfo now, ModelVersions versions, long operation, Optional<String> currentBefore) {
        return versions.isNewest(operation) && now.currentVersion().equals(currentBefore);
    }

    private Proving.Proved proved(
            RegistryDirectory directory, StagedVersion staged, DeployRequest request, Optional<ModelVersions> present) {
        try {
            return proving.prove(staged, request, present.flatMap(this::current));
        } catch (NotReadyException | CancelledException e) {
            throw e;
        } catch (KitchenException e) {
            String reason = String.valueOf(e.getMessage());
            table.applyOne(directory.reject(staged, Proving.described(staged, request), reason), staged.model());
            throw new RegistryException(
                    Reason.REJECTED,
                    "model '" + staged.model() + "', version '" + staged.version() + "' was rejected: " + reason,
                    e);
        }
    }

    /** The version that answers, loaded if nobody asked for it yet; empty where it does not load: a cure is welcome. */
    private Optional<ServedVersion> current(ModelVersions versions) {
        ModelInfo info = versions.info();
        if (!versions.isServing() && info.active()) {
            try {
                info.currentVersion()
                        .flatMap(info::version)
                        .ifPresent(it -> table.pending().require(versions, it));
                versions.reapply();
            } catch (CancelledException e) {
                throw e;
            } catch (KitchenException e) {
                LOGGER.warn("model {}: nothing to compare a new version with: {}", info.name(), e.getMessage());
            } catch (Throwable e) {
                ForeignCode.logFailure("model " + info.name() + ": loading what a new version is compared with", e);
            }
        }
        return versions.serving();
    }

    private VersionInfo commit(
            RegistryDirectory directory, StagedVersion staged, Proving.Proved proved, Predicate<ModelInfo> activate) {
        RegistrySnapshot snapshot;
        try {
            snapshot = directory.register(staged, proved.request(), proved.loadedAs(), activate);
        } catch (Throwable e) {
            proved.discard();
            throw e;
        }
        ModelInfo info = snapshot.model(staged.model()).orElseThrow();
        VersionInfo version = info.version(staged.version()).orElseThrow();
        ModelVersions versions = table.versions(info);
        // The model knows of the version first: otherwise another thread that looks meanwhile lets go of it.
        versions.apply(info, snapshot.edition());
        proved.serve(it -> versions.add(version, it));
        table.pending().deploymentEnded(staged.model(), staged.version());
        table.pending().require(versions, version);
        table.applyOne(snapshot, version);
        return version;
    }
}
