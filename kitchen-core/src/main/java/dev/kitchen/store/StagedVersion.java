package dev.kitchen.store;

import dev.kitchen.registry.VersionInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Files on their way into the registry: copied and hashed, not yet registered. Not thread-safe. */
public final class StagedVersion implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StagedVersion.class);

    private final String model;
    private final String version;
    private final Path directory;
    private final Manifest manifest;
    private final Optional<VersionInfo> registered;
    private final Runnable freeNumber;

    StagedVersion(
            String model,
            String version,
            Path directory,
            Manifest manifest,
            Optional<VersionInfo> registered,
            Runnable freeNumber) {
        this.model = model;
        this.version = version;
        this.directory = directory;
        this.manifest = manifest;
        this.registered = registered;
        this.freeNumber = freeNumber;
    }

    public String model() {
        return model;
    }

    /** What was asked for, or the next number; of content that is registered already, its version. */
    public String version() {
        return version;
    }

    /** Where the files lie until they are published. */
    public Path directory() {
        return directory;
    }

    /** SHA-256 of the manifest. */
    public String sha256() {
        return manifest.sha256();
    }

    /** Of all files without the manifest. */
    public long sizeBytes() {
        return manifest.sizeBytes();
    }

    /** The version that has the same content already: there is nothing to register then. */
    public Optional<VersionInfo> registered() {
        return registered;
    }

    /** Deletes the files that were not published. */
    @Override
    public void close() {
        try {
            FileTree.delete(directory);
        } catch (IOException e) {
            LOG.warn("{}: cannot be deleted: {}", directory, e.toString());
        }
        freeNumber.run();
    }
}
