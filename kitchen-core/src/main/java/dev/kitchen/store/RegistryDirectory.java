package dev.kitchen.store;

import dev.kitchen.base.ForeignCode;
import dev.kitchen.error.ModelNotFoundException;
import dev.kitchen.error.RegistryException;
import dev.kitchen.error.RegistryException.Reason;
import dev.kitchen.registry.AuditEntry;
import dev.kitchen.registry.DeployRequest;
import dev.kitchen.registry.ModelInfo;
import dev.kitchen.registry.VersionInfo;
import dev.kitchen.registry.VersionPolicy;
import dev.kitchen.spi.ControlStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A registry: the files of versions in a directory, and the document about them in a {@link ControlStore}. Safe for use by
 * many threads and processes. Whatever fails has changed nothing; whatever returns is on the disk.
 *
 * <p>Models and versions that are not there are a {@link ModelNotFoundException}, everything else that can be wrong is a
 * {@link RegistryException}.
 */
public final class RegistryDirectory implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RegistryDirectory.class);

    private final ControlStore store;
    private final RegistryDocument document;
    private final Artifacts artifacts;
    private final Staging staging;
    private final Orphans orphans;
    private final Deploying deploying;
    private final Registering registering;
    private final AuditLog audit;
    private final Clock clock;

    private RegistryDirectory(Path root, ControlStore store, Clock clock) {
        Path absolute = root.toAbsolutePath().normalize();
        this.store = store;
        this.clock = clock;
        this.audit = new AuditLog(absolute);
        this.document = new RegistryDocument(absolute, store, audit, clock);
        this.artifacts = new Artifacts(absolute);
        this.staging = new Staging(absolute, clock);
        this.orphans = new Orphans(artifacts, staging, document);
        this.deploying = new Deploying(absolute, document, artifacts, staging, orphans);
        this.registering = new Registering(document, artifacts, staging, orphans, clock);
    }

    /** Whether there is a registry in that directory; a damaged one counts. */
    public static boolean isRegistry(Path directory) {
        return DocumentFile.isIn(directory);
    }

    /** A registry whose document lies beside the files. Nothing is read or written yet. */
    public static RegistryDirectory open(Path root) {
        return open(root, FileControlStore.in(root));
    }

    /** A registry whose document is elsewhere. The store is closed with it. */
    public static RegistryDirectory open(Path root, ControlStore store) {
        return open(root, store, Clock.systemUTC());
    }

    static RegistryDirectory open(Path root, ControlStore store, Clock clock) {
        return new RegistryDirectory(root, store, clock);
    }

    /** The last good state; read from the store the first time, and only then can it fail. */
    public RegistrySnapshot snapshot() {
        return document.snapshot();
    }

    /**
     * Looks at the store, and reads it if it changed.
     *
     * @throws RegistryException if what is there is no good; {@link #snapshot} stays what it was
     */
    public RegistrySnapshot refresh() {
        return document.refresh();
    }

    /**
     * Copies and hashes files into the registry's directory, where they wait to be registered.
     *
     * @throws RegistryException {@code INVALID}, {@code UNWRITABLE}, or {@code CONFLICT} if the version is registered with
     *     other content
     */
    public StagedVersion stage(DeployRequest request) {
        return deploying.stage(request);
    }

    /**
     * Publishes staged files and registers them; where they are registered already, only makes them current if asked to.
     *
     * @param activate whether to make it current; it becomes so anyway where no version of the model is
     */
    public RegistrySnapshot register(StagedVersion staged, DeployRequest request, LoadedAs loaded, boolean activate) {
        if (staged.registered().isPresent()) {
            return activate ? activate(staged.model(), staged.version(), "activate") : snapshot();
        }
        return register(staged, request, loaded, now -> activate);
    }

    /**
     * As {@link #register(StagedVersion, DeployRequest, LoadedAs, boolean)} of files that are not registered yet.
     *
     * @param activate decides by the model as it is then, while nobody else can change it
     */
    public RegistrySnapshot register(
            StagedVersion staged, DeployRequest request, LoadedAs loaded, Predicate<ModelInfo> activate) {
        return registering.register(staged, request, loaded, activate);
    }

    /**
     * Adds what a request says of a version that is registered: metrics, lineage and tags, of which those of the same name
     * are replaced. One that was retired can be loaded again.
     */
    public RegistrySnapshot describe(String model, String version, DeployRequest request) {
        return change(model, it -> Decisions.describe(it, version, request));
    }

    /** Writes down that a staged version did not prove itself; its files are not kept. */
    public RegistrySnapshot reject(StagedVersion staged, DeployRequest request, String reason) {
        return registering.reject(staged, request, reason);
    }

    /**
     * Makes a version current, and offers its model. The one that was current is the first of the previous ones then; but
     * after a roll back the previous ones are those before the version, so that the next roll back goes further.
     *
     * @param operation for the audit log: {@code activate} or {@code rollback}
     */
    public RegistrySnapshot activate(String model, String version, String operation) {
        return change(model, it -> Decisions.activate(it, version, operation));
    }

    /**
     * Goes back to a version, if that is still wanted: somebody else may have changed what is current since.
     *
     * @param wanted is asked under the registry's lock, with the model as it is then
     * @return empty if not; nothing has changed then
     */
    public Optional<RegistrySnapshot> rollBack(String model, String version, Predicate<ModelInfo> wanted) {
        AtomicBoolean isWanted = new AtomicBoolean();
        RegistrySnapshot snapshot = change(model, now -> {
            isWanted.set(wanted.test(now));
            return isWanted.get() ? Decisions.activate(now, version, "rollback") : Change.NONE;
        });
        return Optional.of(snapshot).filter(it -> isWanted.get());
    }

    /** Puts a model back on the list. */
    public RegistrySnapshot offer(String model) {
        return change(model, Decisions::offer);
    }

    /** Takes a model off the list. */
    public RegistrySnapshot withdraw(String model) {
        return change(model, Decisions::withdraw);
    }

    /** Points an alias at a version that can be loaded. */
    public RegistrySnapshot alias(String model, String alias, String version) {
        Names.requireAlias(alias);
        return change(model, it -> Decisions.alias(it, alias, version));
    }

    /** Takes an alias away. */
    public RegistrySnapshot removeAlias(String model, String alias) {
        return change(model, it -> Decisions.removeAlias(it, alias));
    }

    /** Keeps a version that is to be loaded no more. */
    public RegistrySnapshot retire(String model, String version) {
        return change(model, it -> Decisions.retire(it, version));
    }

    /** Takes a version out of the document; {@link #deleteFiles} is next, once nobody uses them. */
    public RegistrySnapshot remove(String model, String version) {
        return change(model, it -> Decisions.remove(it, version));
    }

    /** Deletes the files of a version that was removed, as far as that is possible and safe; logs what stays. */
    public void deleteFiles(VersionInfo version) {
        try {
            // The version is gone from the document: nobody would ever delete its files.
            Durably.despiteInterrupts(() -> document.withFiles(now -> artifacts.bury(version, now, staging)));
        } catch (Throwable e) {
            LOG.warn("{}: stays: {}", version.path(), ForeignCode.describe(e));
        } finally {
            // Also where the store failed after they had been moved.
            staging.deleteBuried();
        }
    }

    /** Says which versions stay loaded. */
    public RegistrySnapshot policy(String model, VersionPolicy policy) {
        return change(model, it -> Decisions.policy(it, policy));
    }

    private RegistrySnapshot change(String model, Function<ModelInfo, Change> decision) {
        return document.change(now -> decision.apply(Lookup.model(now, model)));
    }

    /**
     * Makes a registry where there is none, of files that stay where they are.
     *
     * @param plain files or directories below the root, each as a version
     * @param current the current version by model
     * @throws RegistryException {@code CONFLICT} if there is a registry
     */
    public RegistrySnapshot adopt(List<VersionInfo> plain, Map<String, String> current) {
        List<VersionInfo> hashed = plain.stream().map(this::hashed).toList();
        return document.change(now -> {
            if (!now.models().isEmpty() || now.generation() > 0) {
                throw Lookup.conflict(store.place() + ": is there already, expected none");
            }
            return new Change(Adoption.of(hashed, current, artifacts), Adoption.deeds(hashed));
        });
    }

    private VersionInfo hashed(VersionInfo version) {
        Names.requireModel(version.model());
        Names.requireVersion(version.version());
        try {
            Path path = artifacts.require(version);
            VersionInfo.Builder hashed = VersionInfo.builder(version.model(), version.version(), path)
                    .createdAt(version.createdAt().orElse(clock.instant()))
                    .metrics(version.metrics())
                    .lineage(version.lineage())
                    .tags(version.tags())
                    .sha256(Artifacts.sha256(path))
                    .sizeBytes(Artifacts.sizeBytes(path));
            version.backend().ifPresent(hashed::backend);
            return hashed.build();
        } catch (IOException e) {
            throw new RegistryException(
                    Reason.DAMAGED,
                    Lookup.place(version.model(), version.version()) + ": " + version.path() + " cannot be read: " + e,
                    e);
        }
    }

    /**
     * A version's model file or directory, looked at now: whatever the document says, it is there, inside the registry,
     * and no link leads to it but those of a volume of Kubernetes.
     *
     * @throws RegistryException {@code DAMAGED} if not
     */
    public Path artifact(VersionInfo version) {
        return artifacts.require(version);
    }

    /** Reads all files of a version; returns what is not as it was registered, in words. */
    public List<String> verify(VersionInfo version) {
        return artifacts.verify(version);
    }

    /** Directories among a model's versions that no document names, in words. */
    public List<String> orphans(String model) {
        return orphans.of(model);
    }

    /** What was done to a model, oldest first; also to one that is gone. */
    public List<AuditEntry> history(String model) {
        List<AuditEntry> entries = audit.entries(model);
        if (entries.isEmpty()) {
            Lookup.model(snapshot(), model);
        }
        return entries;
    }

    @Override
    public void close() {
        store.close();
    }
}
