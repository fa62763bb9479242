package dev.kitchen.store;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.RegistryException;
import dev.kitchen.error.RegistryException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where files are copied to before they are published: on the same disk, so that publishing is one move. */
final class Staging {

    private static final Logger LOG = LoggerFactory.getLogger(Staging.class);

    static final String NAME = ".staging";

    private static final int MAX_FILES = 10_000;
    private static final int MAX_MARK_BYTES = 100;

    /** What nobody touched for so long belongs to a process that died, also where nobody can tell. */
    private static final Duration STALE_AFTER = Duration.ofHours(6);

    private final Path directory;
    private final Clock clock;
    private final StagingOwner owner = StagingOwner.ofThisProcess();
    private final Queue<Path> graves = new ConcurrentLinkedQueue<>();

    Staging(Path root, Clock clock) {
        this.directory = root.resolve(NAME);
        this.clock = clock;
    }

    /** Copies and hashes what is at the source into a new directory, and forces it to the disk. */
    Path copy(Path source, List<Manifest.Entry> entries) throws IOException {
        Path copy = newName();
        Files.createDirectories(copy);
        try {
            for (Path file : sources(source)) {
                String path = Files.isDirectory(source)
                        ? FileTree.relative(source, file)
                        : file.getFileName().toString();
                if (!isOldManifest(path, file)) {
                    entries.add(copy(file, path, copy.resolve(path)));
                }
            }
            Durably.write(copy.resolve(Manifest.FILE_NAME), new Manifest(entries).bytes(), () -> {});
            for (Path inner : FileTree.directories(copy)) {
                Durably.forceDirectory(inner);
            }
            return copy;
        } catch (Throwable e) {
            FileTree.delete(copy);
            throw e;
        }
    }

    private static List<Path> sources(Path source) throws IOException {
        List<Path> files = Files.isDirectory(source) ? FileTree.files(source) : List.of(source);
        if (files.isEmpty() || files.size() > MAX_FILES) {
            throw invalid(source + ": has " + files.size() + " files, expected 1 to " + MAX_FILES);
        }
        for (Path file : files) {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                throw invalid(file + ": is a link or a device, expected a regular file");
            }
            if (file.getFileName().toString().equals(RegistryLock.FILE_NAME)) {
                throw invalid(source + ": has a registry in it, expected a model");
            }
        }
        return files;
    }

    /** The manifest of a version that is deployed once more is made anew. */
    private static boolean isOldManifest(String path, Path file) throws IOException {
        if (!path.equals(Manifest.FILE_NAME)) {
            return false;
        }
        try {
            Manifest.read(file);
            return true;
        } catch (InvalidRequestException e) {
            throw new RegistryException(
                    Reason.INVALID, file + ": has a name that the registry needs, expected another one", e);
        }
    }

    private static RegistryException invalid(String problem) {
        return new RegistryException(Reason.INVALID, problem);
    }

    private static Manifest.Entry copy(Path file, String path, Path copy) throws IOException {
        Files.createDirectories(copy.getParent());
        try (FileChannel out = FileChannel.open(copy, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            String sha256 = Sha256.ofCopy(file, Channels.newOutputStream(out));
            out.force(true);
            return new Manifest.Entry(path, out.size(), sha256);
        }
    }

    /** Takes a number for a version, so that two who deploy at once get different ones; false if it is taken. */
    boolean reserve(String model, String version) throws IOException {
        Files.createDirectories(directory);
        try {
            Files.writeString(reservation(model, version), owner.mark(), StandardOpenOption.CREATE_NEW);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    void free(String model, String version) {
        try {
            Files.deleteIfExists(reservation(model, version));
        } catch (IOException e) {
            LOG.warn("{}: cannot be deleted: {}", reservation(model, version), e.toString());
        }
    }

    private Path reservation(String model, String version) {
        return directory.resolve(model + "." + version + ".reserved");
    }

    /** Says that a version's files are about to be published; {@link #retract} is next. */
    Announcement announce(String model, String version) throws IOException {
        Files.createDirectories(directory);
        return Announcement.write(
                directory.resolve(owner.mark() + UUID.randomUUID() + Announcement.SUFFIX), owner, model, version);
    }

    void retract(Announcement announcement) {
        try {
            Files.deleteIfExists(announcement.note());
        } catch (IOException e) {
            LOG.warn("{}: cannot be deleted: {}", announcement.note(), e.toString());
        }
    }

    /**
     * What is being published, or was when its process died.
     *
     * @param living whether by processes that may be alive, or by dead ones
     */
    List<Announcement> announcements(boolean living) throws IOException {
        List<Announcement> announcements = new ArrayList<>();
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path entry :
                    entries.filter(it -> name(it).endsWith(Announcement.SUFFIX)).toList()) {
                if (isStale(entry) != living) {
                    Announcement.read(entry).ifPresent(announcements::add);
                }
            }
        } catch (NoSuchFileException e) {
            LOG.debug("{}: was taken away meanwhile", directory, e);
        }
        return announcements;
    }

    private Path newName() {
        return directory.resolve(owner.mark() + UUID.randomUUID());
    }

    /** Takes something out of the way, at once; {@link #deleteBuried} is next, which may take long. */
    void bury(Path path) throws IOException {
        Files.createDirectories(directory);
        Path grave = newName();
        Durably.move(path, grave);
        graves.add(grave);
    }

    /** Deletes what was buried. What cannot be deleted now is some time later. */
    void deleteBuried() {
        for (Path grave = graves.poll(); grave != null; grave = graves.poll()) {
            try {
                FileTree.delete(grave);
            } catch (IOException e) {
                LOG.warn("{}: cannot be deleted: {}", grave, e.toString());
            }
        }
    }

    /** What processes left that died. */
    List<Path> stale() {
        List<Path> stale = new ArrayList<>();
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path entry : entries.toList()) {
                if (isStale(entry)) {
                    stale.add(entry);
                }
            }
        } catch (NoSuchFileException e) {
            return stale;
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("{}: cannot be looked at: {}", directory, e.toString());
        }
        return stale;
    }

    private boolean isStale(Path entry) throws IOException {
        String marked = Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS) ? content(entry) : name(entry);
        return StagingOwner.of(marked).filter(StagingOwner::isDead).isPresent() || isOld(entry);
    }

    private static String name(Path entry) {
        return entry.getFileName().toString();
    }

    private static String content(Path reservation) throws IOException {
        try (InputStream in = Files.newInputStream(reservation)) {
            return new String(in.readNBytes(MAX_MARK_BYTES), StandardCharsets.UTF_8);
        }
    }

    private boolean isOld(Path entry) throws IOException {
        Instant limit = clock.instant().minus(STALE_AFTER);
        List<Path> all = new ArrayList<>(FileTree.directories(entry));
        all.addAll(FileTree.files(entry));
        for (Path path : all) {
            if (!Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS)
                    .toInstant()
                    .isBefore(limit)) {
                return false;
            }
        }
        return true;
    }
}
