package dev.kitchen.onnx.natives;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes directories that killed JVMs have left behind. Failures are ignored; the directories stay until the next time. */
public final class StaleDirectories {

    private static final Logger LOGGER = LoggerFactory.getLogger(StaleDirectories.class);

    /** ONNX Runtime fills its directory within a second of making it, or, given a native path, never. */
    private static final Duration EMPTY_FOR = Duration.ofDays(1);

    private StaleDirectories() {}

    /**
     * Deletes the directories whose lock nobody holds.
     *
     * @param ownProcess the names to leave alone: POSIX drops a process's lock on a file as soon as the process closes
     *     any handle of it, so looking at the locks of this very process would free them
     * @return how many
     */
    static int sweep(Path running, String ownProcess) {
        int swept = 0;
        try (DirectoryStream<Path> lockFiles = Files.newDirectoryStream(running, "*" + NativeDirectory.LOCK_SUFFIX)) {
            for (Path lockFile : lockFiles) {
                boolean own = lockFile.getFileName().toString().startsWith(ownProcess + "-");
                if (!own && deleteIfDead(lockFile)) {
                    swept++;
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            LOGGER.debug("cannot sweep {}", running, e);
        }
        return swept;
    }

    private static boolean deleteIfDead(Path lockFile) {
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock == null) {
                return false;
            }
            String name = lockFile.getFileName().toString();
            String directory = name.substring(0, name.length() - NativeDirectory.LOCK_SUFFIX.length());
            delete(lockFile.resolveSibling(directory));
            return Files.deleteIfExists(lockFile);
        } catch (IOException | DirectoryIteratorException | IllegalStateException e) {
            LOGGER.debug("cannot sweep {}", lockFile, e);
            return false;
        }
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    /**
     * Deletes ONNX Runtime's own temporary directories of this user that are empty and a day old. Those with libraries
     * in them stay: nothing proves that no process, in another container on the same volume, still needs them.
     *
     * @param sample a file of this user
     * @return how many
     */
    public static int sweepEmptyOnes(Path temporary, Path sample, Instant now) {
        int swept = 0;
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(temporary, "onnxruntime-java*")) {
            for (Path directory : directories) {
                if (deleteIfOld(directory, sample, now.minus(EMPTY_FOR))) {
                    swept++;
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            LOGGER.debug("cannot sweep {}", temporary, e);
        }
        return swept;
    }

    /** Asks for the owner last: it is by far the slowest to answer, and the directory may hold thousands. */
    private static boolean deleteIfOld(Path directory, Path sample, Instant before) {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(directory, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!attributes.isDirectory()
                    || attributes.lastModifiedTime().toInstant().isAfter(before)
                    || !PrivateDirectory.isOwnedBySameUser(directory, sample)) {
                return false;
            }
            // Refuses, by itself and atomically, to delete a directory with something in it.
            Files.delete(directory);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
