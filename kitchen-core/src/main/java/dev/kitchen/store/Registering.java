package dev.kitchen.store;

import dev.kitchen.base.ForeignCode;
import dev.kitchen.error.RegistryException;
import dev.kitchen.error.RegistryException.Reason;
import dev.kitchen.registry.DeployRequest;
import dev.kitchen.registry.ModelInfo;
import dev.kitchen.registry.VersionInfo;
import dev.kitchen.registry.VersionInfo.Status;
import java.io.IOException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/** How staged files come into the document: as a version, or as one that did not prove itself. */
final class Registering {

    private static final String PARENT_VERSION = "parent_version";
    private static final String REGISTERED_BY = "registered_by";

    private final RegistryDocument document;
    private final Artifacts artifacts;
    private final Staging staging;
    private final Orphans orphans;
    private final Clock clock;

    Registering(RegistryDocument document, Artifacts artifacts, Staging staging, Orphans orphans, Clock clock) {
        this.document = document;
        this.artifacts = artifacts;
        this.staging = staging;
        this.orphans = orphans;
        this.clock = clock;
    }

    RegistrySnapshot register(
            StagedVersion staged, DeployRequest request, LoadedAs loaded, Predicate<ModelInfo> activate) {
        Announcement announcement = announce(staged);
        AtomicBoolean publishing = new AtomicBoolean();
        RegistrySnapshot registered;
        try {
            registered = publishAndRegister(staged, request, loaded, activate, publishing);
        } catch (Throwable e) {
            if (publishing.get()) {
                takeBack(announcement);
            } else {
                staging.retract(announcement);
            }
            throw e;
        }
        staging.retract(announcement);
        staging.deleteBuried();
        return registered;
    }

    private Announcement announce(StagedVersion staged) {
        try {
            return staging.announce(staged.model(), staged.version());
        } catch (IOException e) {
            throw new RegistryException(
                    Reason.UNWRITABLE,
                    Lookup.place(staged.model(), staged.version()) + ": cannot be published: " + e,
                    e);
        }
    }

    /** Files that the document does not name after all go; where that is not possible now, the announcement stays. */
    private void takeBack(Announcement announcement) {
        try {
            // An interrupt may be why there is something to take back.
            Durably.despiteInterrupts(() -> document.withFiles(now -> bury(announcement, now)));
            staging.retract(announcement);
        } catch (Throwable e) {
            ForeignCode.logFailure(
                    Lookup.place(announcement.model(), announcement.version())
                            + ": taking back files that are not registered",
                    e);
        } finally {
            // Also where the store failed after they had been moved.
            staging.deleteBuried();
        }
    }

    private void bury(Announcement announcement, RegistrySnapshot now) {
        try {
            orphans.bury(announcement.model(), announcement.version(), now);
        } catch (IOException e) {
            throw new RegistryException(Reason.UNWRITABLE, "cannot be moved: " + e, e);
        }
    }

    private RegistrySnapshot publishAndRegister(
            StagedVersion staged,
            DeployRequest request,
            LoadedAs loaded,
            Predicate<ModelInfo> activate,
            AtomicBoolean publishing) {
        return document.changeWithFiles(now -> {
            Deploying.requireNewInEveryCase(now, staged.model(), Optional.of(staged.version()));
            ModelInfo model = model(now, staged);
            VersionInfo version =
                    info(staged, request, model).backend(loaded.backend()).build();
            Change change =
                    Decisions.register(model, version, relative(version), loaded.signatureTree(), activate.test(model));
            publishing.set(true);
            publish(staged, now);
            return change;
        });
    }

    RegistrySnapshot reject(StagedVersion staged, DeployRequest request, String reason) {
        return document.change(now -> {
            ModelInfo model = model(now, staged);
            VersionInfo version = info(staged, request, model)
                    .status(Status.REJECTED)
                    .reason(reason)
                    .build();
            return Decisions.reject(model, version, relative(version));
        });
    }

    private static ModelInfo model(RegistrySnapshot now, StagedVersion staged) {
        return now.model(staged.model()).orElseGet(() -> Decisions.nothing(staged.model()));
    }

    private VersionInfo.Builder info(StagedVersion staged, DeployRequest request, ModelInfo model) {
        return VersionInfo.builder(staged.model(), staged.version(), artifacts.place(staged.model(), staged.version()))
                .createdAt(clock.instant())
                .metrics(request.metrics())
                .lineage(lineage(request, model))
                .tags(request.tags())
                .sha256(staged.sha256())
                .sizeBytes(staged.sizeBytes());
    }

    /** Where a version comes from: what the registry knows itself, unless it is told. */
    private static Map<String, String> lineage(DeployRequest request, ModelInfo model) {
        Map<String, String> lineage = new LinkedHashMap<>();
        model.currentVersion().ifPresent(it -> lineage.put(PARENT_VERSION, it));
        lineage.put(REGISTERED_BY, Writer.ofThisProcess().account());
        lineage.putAll(request.lineage());
        return lineage;
    }

    private String relative(VersionInfo version) {
        return artifacts.relative(version.path());
    }

    private void publish(StagedVersion staged, RegistrySnapshot now) {
        try {
            artifacts.publish(staged, now, staging);
        } catch (IOException e) {
            throw new RegistryException(
                    Reason.UNWRITABLE,
                    Lookup.place(staged.model(), staged.version()) + ": cannot be published to "
                            + artifacts.place(staged.model(), staged.version()) + ": " + e,
                    e);
        }
    }
}
