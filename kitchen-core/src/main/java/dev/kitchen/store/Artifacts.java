package dev.kitchen.store;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.RegistryException;
import dev.kitchen.error.RegistryException.Reason;
import dev.kitchen.registry.VersionInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files of registered versions, which never change and never leave the registry's directory. */
final class Artifacts {

    private static final Logger LOG = LoggerFactory.getLogger(Artifacts.class);

    private static final String MODELS = "models";

    private final Path root;

    Artifacts(Path root) {
        this.root = root;
    }

    /** Where a version's files will lie, or do. */
    Path place(String model, String version) {
        return directory(model).resolve(version);
    }

    private Path directory(String model) {
        return root.resolve(MODELS).resolve(model);
    }

    /** As it stands in the document. */
    String relative(Path path) {
        return FileTree.relative(root, path);
    }

    /**
     * Where a version's files really lie, if they are there and safe to use.
     *
     * @throws RegistryException {@code DAMAGED} if it is missing, or leads out of the registry
     */
    Path require(VersionInfo version) {
        String place = "model '" + version.model() + "', version '" + version.version() + "': path " + version.path();
        if (!isInside(version.path())) {
            throw damaged(place + " is outside the registry, expected one below " + root);
        }
        Path path = root;
        for (Path name : root.relativize(version.path())) {
            path = path.resolve(name);
            if (Files.isSymbolicLink(path)) {
                path = followed(place, path);
            }
        }
        if (!Files.exists(path)) {
            throw damaged(place + " is missing, expected a file or directory");
        }
        return path;
    }

    private static Path followed(String place, Path link) {
        try {
            return VolumeLink.target(link)
                    .orElseThrow(() ->
                            damaged(place + ": " + link + " is a symbolic link, expected a real file or directory"));
        } catch (IOException e) {
            throw new RegistryException(Reason.DAMAGED, place + ": " + link + " cannot be read: " + e, e);
        }
    }

    private boolean isInside(Path path) {
        return path.startsWith(root) && !path.equals(root);
    }

    private static RegistryException damaged(String problem) {
        return new RegistryException(Reason.DAMAGED, problem);
    }

    /**
     * Moves staged files to their place; leaves them where the same ones are there already. Whoever calls has the
     * registry's lock, and so had whoever published before: what no document names belongs to nobody who is still at it.
     *
     * @param now what the document names
     */
    void publish(StagedVersion staged, RegistrySnapshot now, Staging staging) throws IOException {
        Path directory = directory(staged.model());
        Path place = directory.resolve(staged.version());
        if (Files.isSymbolicLink(root.resolve(MODELS)) || Files.isSymbolicLink(directory)) {
            throw damaged(directory + ": is or is in a symbolic link, expected a real directory");
        }
        Files.createDirectories(directory);
        // A move onto an empty directory would succeed, so the manifest decides who was first.
        if (!isPublished(place, staged.sha256())) {
            makeRoom(place, now, staging);
            Durably.move(staged.directory(), place);
        }
        Durably.forceDirectory(directory);
        Durably.forceDirectory(root.resolve(MODELS));
        Durably.forceDirectory(root);
    }

    private static boolean isPublished(Path place, String sha256) throws IOException {
        Path manifest = place.resolve(Manifest.FILE_NAME);
        return Files.isRegularFile(manifest, LinkOption.NOFOLLOW_LINKS)
                && Sha256.of(manifest).equals(sha256);
    }

    private static void makeRoom(Path place, RegistrySnapshot now, Staging staging) throws IOException {
        if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)
                || FileTree.files(place).isEmpty()) {
            return;
        }
        if (!isVersion(place) || isUsed(place, now)) {
            throw new RegistryException(
                    Reason.CONFLICT,
                    place
                            + ": has other files already, which no deploy left there, expected nothing; deploy under another"
                            + " version, or delete it if no registry knows it");
        }
        LOG.warn("{}: is of a deploy that never ended, and is replaced", place);
        staging.bury(place);
    }

    /** What somebody put there by hand has no manifest. */
    static boolean isVersion(Path place) throws IOException {
        Path manifest = place.resolve(Manifest.FILE_NAME);
        try {
            return Files.isRegularFile(manifest, LinkOption.NOFOLLOW_LINKS)
                    && !Manifest.read(manifest).files().isEmpty();
        } catch (InvalidRequestException e) {
            return false;
        }
    }

    static boolean isUsed(Path path, RegistrySnapshot now) {
        return now.models().values().stream()
                .flatMap(it -> it.versions().stream())
                .filter(it -> it.status() != VersionInfo.Status.REJECTED)
                .anyMatch(it -> it.path().startsWith(path) || path.startsWith(it.path()));
    }

    /** The hash of files that lie where they are. */
    static String sha256(Path path) throws IOException {
        return Files.isDirectory(path) ? Manifest.ofDirectory(path).sha256() : Sha256.of(path);
    }

    static long sizeBytes(Path path) throws IOException {
        return Files.isDirectory(path) ? Manifest.ofDirectory(path).sizeBytes() : Files.size(path);
    }

    /** What of a version's files is not as it was registered. */
    List<String> verify(VersionInfo version) {
        String place = "model '" + version.model() + "', version '" + version.version() + "': ";
        try {
            Path path = require(version);
            return version.sha256().map(it -> problems(path, it)).orElse(List.of()).stream()
                    .map(place::concat)
                    .toList();
        } catch (RegistryException e) {
            return List.of(e.getMessage());
        }
    }

    private static List<String> problems(Path path, String sha256) {
        try {
            Path manifest = path.resolve(Manifest.FILE_NAME);
            if (!Files.isDirectory(path) || !Files.exists(manifest)) {
                String actual = sha256(path);
                return actual.equals(sha256) ? List.of() : List.of(differs(path, actual, sha256));
            }
            String actual = Sha256.of(manifest);
            return actual.equals(sha256)
                    ? problems(path, Manifest.read(manifest))
                    : List.of(differs(manifest, actual, sha256));
        } catch (IOException | InvalidRequestException e) {
            return List.of(path + ": cannot be read: " + e);
        }
    }

    private static String differs(Path path, String actual, String expected) {
        return path + ": has SHA-256 " + actual + ", expected " + expected;
    }

    private static List<String> problems(Path directory, Manifest expected) throws IOException {
        List<String> problems = new ArrayList<>();
        List<String> present = new ArrayList<>();
        for (Path file : FileTree.files(directory)) {
            present.add(FileTree.relative(directory, file));
        }
        for (Manifest.Entry entry : expected.files()) {
            Path file = directory.resolve(entry.path());
            if (!present.remove(entry.path())) {
                problems.add(file + ": is missing");
            } else if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                problems.add(file + ": is a link or a device, expected a regular file");
            } else if (Files.size(file) != entry.size()) {
                problems.add(file + ": has " + Files.size(file) + " bytes, expected " + entry.size());
            } else if (!Sha256.of(file).equals(entry.sha256())) {
                problems.add(differs(file, Sha256.of(file), entry.sha256()));
            }
        }
        present.remove(Manifest.FILE_NAME);
        present.forEach(it -> problems.add(directory.resolve(it) + ": is not in the manifest, expected no such file"));
        return problems;
    }

    /** Takes a version's files out of the way, if it is safe; what is not surely its own stays. */
    void bury(VersionInfo version, RegistrySnapshot now, Staging staging) {
        try {
            Path path = require(version);
            if (isUsed(path, now) || DocumentFile.isIn(path)) {
                LOG.warn("{}: stays, as other versions use it", path);
            } else {
                staging.bury(path);
            }
        } catch (IOException | RegistryException e) {
            LOG.warn("files of model '{}', version '{}': stay: {}", version.model(), version.version(), e.toString());
        }
    }
}
