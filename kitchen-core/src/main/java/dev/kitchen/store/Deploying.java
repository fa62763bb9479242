package dev.kitchen.store;

import dev.kitchen.error.RegistryException;
import dev.kitchen.error.RegistryException.Reason;
import dev.kitchen.registry.DeployRequest;
import dev.kitchen.registry.ModelInfo;
import dev.kitchen.registry.VersionInfo;
import dev.kitchen.registry.VersionInfo.Status;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How files become a version: checked, copied, and told apart from what is registered. */
final class Deploying {

    private static final Logger LOG = LoggerFactory.getLogger(Deploying.class);

    private final Path root;
    private final RegistryDocument document;
    private final Artifacts artifacts;
    private final Staging staging;
    private final Orphans orphans;

    Deploying(Path root, RegistryDocument document, Artifacts artifacts, Staging staging, Orphans orphans) {
        this.root = root;
        this.document = document;
        this.artifacts = artifacts;
        this.staging = staging;
        this.orphans = orphans;
    }

    StagedVersion stage(DeployRequest request) {
        Path source = check(request);
        RegistrySnapshot snapshot = document.refresh();
        requireNewInEveryCase(snapshot, request.model(), request.version());
        Optional<ModelInfo> model = snapshot.model(request.model());
        try {
            tidyUp(request.model(), request.version().orElse(""));
            List<Manifest.Entry> entries = new ArrayList<>();
            Path copy = staging.copy(source, entries);
            try {
                return staged(request, model, copy, new Manifest(entries));
            } catch (Throwable e) {
                FileTree.delete(copy);
                throw e;
            }
        } catch (IOException e) {
            throw new RegistryException(
                    Reason.UNWRITABLE,
                    "model '" + request.model() + "': " + source + " cannot be copied into " + root + ": " + e,
                    e);
        }
    }

    /** Under the lock: what looks dead may be a slow deploy that is about to publish. */
    private void tidyUp(String model, String version) {
        if (staging.stale().isEmpty()) {
            return;
        }
        try {
            document.withFiles(now -> {
                buryOrphans(now, model, version);
                staging.stale().forEach(this::bury);
            });
            staging.deleteBuried();
        } catch (RegistryException e) {
            LOG.warn("{}: what dead processes left there stays: {}", root, e.getMessage());
        }
    }

    private void buryOrphans(RegistrySnapshot now, String model, String version) {
        try {
            orphans.bury(now, model, version);
        } catch (IOException e) {
            LOG.warn("{}: what killed deploys published there stays: {}", root, e.toString());
        }
    }

    private void bury(Path stale) {
        try {
            staging.bury(stale);
        } catch (IOException e) {
            LOG.warn("{}: cannot be deleted: {}", stale, e.toString());
        }
    }

    private Path check(DeployRequest request) {
        Names.requireModel(request.model());
        request.version().ifPresent(Names::requireVersion);
        request.metrics().forEach((name, value) -> {
            if (!Double.isFinite(value)) {
                throw invalid("model '" + request.model() + "': metric '" + name + "' is " + value
                        + ", expected a finite number");
            }
        });
        try {
            Path source = request.source().toRealPath();
            if (root.startsWith(source) || DocumentFile.isIn(source)) {
                throw invalid("model '" + request.model() + "': " + source + " is a registry or has one in it,"
                        + " expected a model file or its directory");
            }
            return source;
        } catch (IOException e) {
            throw new RegistryException(
                    Reason.INVALID,
                    "model '" + request.model() + "': " + request.source() + " cannot be read: " + e
                            + ", expected a file or directory",
                    e);
        }
    }

    private static RegistryException invalid(String problem) {
        return new RegistryException(Reason.INVALID, problem);
    }

    /** Names that differ only in case are one directory on some systems. */
    static void requireNewInEveryCase(RegistrySnapshot snapshot, String model, Optional<String> version) {
        requireNewInEveryCase("model '" + model + "'", snapshot.models().keySet().stream(), model);
        version.ifPresent(name -> requireNewInEveryCase(
                Lookup.place(model, name),
                snapshot.model(model).stream()
                        .flatMap(it -> it.versions().stream())
                        .map(VersionInfo::version),
                name));
    }

    private static void requireNewInEveryCase(String place, Stream<String> present, String name) {
        present.filter(it -> it.equalsIgnoreCase(name) && !it.equals(name))
                .findFirst()
                .ifPresent(it -> {
                    throw Lookup.conflict(
                            place + ": there is '" + it + "', expected names that differ in more than case");
                });
    }

    private StagedVersion staged(DeployRequest request, Optional<ModelInfo> model, Path copy, Manifest manifest)
            throws IOException {
        Optional<VersionInfo> same = model.flatMap(it -> registered(it, request.version(), manifest.sha256()));
        if (same.isPresent()) {
            return new StagedVersion(request.model(), same.get().version(), copy, manifest, same, () -> {});
        } else if (request.version().isPresent()) {
            return new StagedVersion(request.model(), request.version().get(), copy, manifest, same, () -> {});
        }
        String number =
                reserveNumber(request.model(), model.map(ModelInfo::versions).orElse(List.of()));
        return new StagedVersion(
                request.model(), number, copy, manifest, same, () -> staging.free(request.model(), number));
    }

    /**
     * The version that is registered with this content: of the name that was asked for, or of any.
     *
     * @throws RegistryException {@code CONFLICT} if the name stands for something else
     */
    static Optional<VersionInfo> registered(ModelInfo model, Optional<String> version, String sha256) {
        if (version.isEmpty()) {
            return model.versions().stream()
                    .filter(it -> it.status() != Status.REJECTED && it.sha256().equals(Optional.of(sha256)))
                    .reduce((older, newer) -> newer);
        }
        String name = version.get();
        if (model.aliases().containsKey(name)) {
            throw Lookup.conflict(Lookup.place(model.name(), name) + ": is an alias of '"
                    + model.aliases().get(name) + "', expected another name");
        }
        Optional<VersionInfo> same = model.version(name).filter(it -> it.status() != Status.REJECTED);
        same.ifPresent(it -> {
            if (!it.sha256().equals(Optional.of(sha256))) {
                throw Lookup.conflict(Lookup.place(model.name(), name) + ": is registered with other content (SHA-256 "
                        + it.sha256().orElse("unknown") + "), expected " + sha256
                        + "; versions never change, deploy under another one");
            }
        });
        return same;
    }

    /** The number after the highest one, which nobody else is about to take. */
    private String reserveNumber(String model, List<VersionInfo> versions) throws IOException {
        BigInteger number = versions.stream()
                .map(VersionInfo::version)
                .filter(it -> it.matches("[0-9]+"))
                .map(BigInteger::new)
                .reduce(BigInteger.ZERO, BigInteger::max)
                .add(BigInteger.ONE);
        while (Files.exists(artifacts.place(model, number.toString())) || !staging.reserve(model, number.toString())) {
            number = number.add(BigInteger.ONE);
        }
        return number.toString();
    }
}
