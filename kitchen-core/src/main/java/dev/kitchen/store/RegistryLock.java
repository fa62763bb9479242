package dev.kitchen.store;

import dev.kitchen.error.RegistryException;
import dev.kitchen.error.RegistryException.Reason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to write a registry: at most one thread of one process has it. The system takes it from a process that dies.
 *
 * <p>A process's lock on a file is lost as soon as it closes any channel on that file. So the lock file is opened here
 * and nowhere else, and only by the thread that holds the JVM-wide guard: a system property, which the copies of this
 * class in several class loaders share.
 */
final class RegistryLock implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RegistryLock.class);

    static final String FILE_NAME = ".registry.lock";

    private static final String GUARD = "dev.kitchen.registry.locked:";
    private static final long FIRST_PAUSE_NANOS = 200_000;
    private static final long LONGEST_PAUSE_NANOS = 10_000_000;

    private final String guard;
    private final FileChannel channel;

    private RegistryLock(String guard, FileChannel channel) {
        this.guard = guard;
        this.channel = channel;
    }

    /**
     * Waits for the lock.
     *
     * @param root exists
     * @throws RegistryException {@code LOCKED} if the time is over or the thread is interrupted
     * @throws IOException if the lock file cannot be made
     */
    static RegistryLock acquire(Path root, Duration timeLimit, Supplier<String> holder) throws IOException {
        Path file = root.resolve(FILE_NAME);
        String guard = GUARD + root.toRealPath();
        long start = System.nanoTime();
        for (long pause = FIRST_PAUSE_NANOS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS)) {
            RegistryLock lock = tryAcquire(file, guard);
            if (lock != null) {
                return lock;
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new RegistryException(Reason.LOCKED, file + ": interrupted while waiting for the lock");
            }
            if (System.nanoTime() - start > timeLimit.toNanos()) {
                throw new RegistryException(
                        Reason.LOCKED,
                        file + ": locked for longer than " + timeLimit + " by another writer, expected to get it; "
                                + holder.get());
            }
            LockSupport.parkNanos(pause);
        }
    }

    private static @Nullable RegistryLock tryAcquire(Path file, String guard) throws IOException {
        if (System.getProperties().putIfAbsent(guard, Thread.currentThread().getName()) != null) {
            return null;
        }
        FileChannel channel = null;
        try {
            channel = tryLock(file);
        } finally {
            if (channel == null) {
                System.getProperties().remove(guard);
            }
        }
        return channel == null ? null : new RegistryLock(guard, channel);
    }

    private static @Nullable FileChannel tryLock(Path file) throws IOException {
        Object before = keyOfExisting(file);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean locked = false;
        try {
            FileLock lock = channel.tryLock();
            // A lock on a file that somebody deleted meanwhile keeps nobody out.
            locked = lock != null && before.equals(key(file));
        } catch (OverlappingFileLockException e) {
            locked = false;
        } finally {
            if (!locked) {
                channel.close();
            }
        }
        return locked ? channel : null;
    }

    private static Object keyOfExisting(Path file) throws IOException {
        Object key = key(file);
        if (key == null) {
            FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                    .close();
            key = key(file);
        }
        return key == null ? "deleted" : key;
    }

    /** What tells files apart that had the same name one after the other; the empty text where the system has no such. */
    private static @Nullable Object key(Path file) throws IOException {
        try {
            Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
            return key == null ? "" : key;
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.warn("lock file of a registry: cannot be closed", e);
        } finally {
            System.getProperties().remove(guard);
        }
    }
}
