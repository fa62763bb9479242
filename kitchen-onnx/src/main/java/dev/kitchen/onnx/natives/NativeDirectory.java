package dev.kitchen.onnx.natives;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The native libraries of one class loader in one JVM: a library can be loaded by one class loader only, told by its
 * path. A lock beside the directory, held as long as the process lives, is the proof that it is in use: process ids
 * are used again, and mean nothing to another container that shares the volume.
 */
public final class NativeDirectory {

    static final String LOCK_SUFFIX = ".lock";

    private static final int ATTEMPTS = 10;

    private final Path path;

    /** Held, not used: when it is garbage, so is the lock. Null on a file system without locks. */
    @SuppressWarnings("unused")
    private final @Nullable FileLock lock;

    private NativeDirectory(Path path, @Nullable FileLock lock) {
        this.path = path;
        this.lock = lock;
    }

    /** A new directory below the given one. It is deleted when the JVM ends in good order. */
    static NativeDirectory createIn(Path running) throws IOException {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            Path path = running.resolve(processName() + "-" + UUID.randomUUID());
            Path lockFile = running.resolve(path.getFileName() + LOCK_SUFFIX);
            FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            FileLock lock;
            try {
                lock = channel.tryLock();
            } catch (IOException e) {
                // No locks here. Without its lock file the directory is never swept, which is the safe side to err on.
                channel.close();
                Files.delete(lockFile);
                return new NativeDirectory(create(path), null);
            }
            if (lock != null && Files.exists(lockFile)) {
                // Files to delete on exit go last in, first out: the libraries, the directory, its lock.
                lockFile.toFile().deleteOnExit();
                return new NativeDirectory(create(path), lock);
            }
            // Another JVM's sweep came between creating the file and locking it, and took it for a dead one's.
            channel.close();
        }
        throw new FileSystemException(running.toString(), null, "other processes delete the lock files in it");
    }

    private static Path create(Path path) throws IOException {
        PrivateDirectory.create(path).toFile().deleteOnExit();
        return path;
    }

    /** What the names of all directories of this process start with. */
    static String processName() {
        ProcessHandle process = ProcessHandle.current();
        long started = process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        return process.pid() + "-" + started;
    }

    public Path path() {
        return path;
    }

    /** Puts a library here under the name it is loaded by: a hard link where there can be one, else a copy. */
    void add(String fileName, Path library) throws IOException {
        Path link = path.resolve(fileName);
        link.toFile().deleteOnExit();
        try {
            Files.createLink(link, library);
        } catch (UnsupportedOperationException | FileSystemException e) {
            Files.copy(library, link);
            PrivateDirectory.makeReadAndExecuteOnly(link);
        }
    }
}
