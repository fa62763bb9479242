package dev.kitchen.onnx.scan;

import dev.kitchen.error.ModelLoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Which file a path names, and when that file last changed. Two equal identities of a path mean that in between nobody
 * wrote to the file, renamed it, or moved another one in its place and back: each of these sets a new time of change.
 *
 * @param key the file system's number for the file; null where it has none
 * @param changed the time of the last change to content, name or links, where the system has that time; else of content
 */
record FileIdentity(Path path, @Nullable Object key, long size, FileTime modified, FileTime changed) {

    /** File systems count this time in steps of up to 10 ms: what changed twice within one step looks unchanged. */
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final int TRIES = 10;

    /** The identity of what the path itself names: a link is not followed. */
    static FileIdentity of(Path path) throws IOException {
        BasicFileAttributes attributes =
                Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        boolean unix = path.getFileSystem().supportedFileAttributeViews().contains("unix");
        FileTime changed = unix
                ? (FileTime) Files.getAttribute(path, "unix:ctime", LinkOption.NOFOLLOW_LINKS)
                : attributes.lastModifiedTime();
        return new FileIdentity(path, attributes.fileKey(), attributes.size(), attributes.lastModifiedTime(), changed);
    }

    /**
     * The identity, taken at a time at which the file had not changed for a moment, so that any later change shows. Waits
     * up to 20 ms for a file that was just written.
     *
     * @throws ModelLoadException if the file keeps changing
     */
    static FileIdentity settled(Path path) throws IOException {
        for (int i = 0; i < TRIES; i++) {
            long now = System.currentTimeMillis();
            FileIdentity identity = of(path);
            long age = TimeUnit.MILLISECONDS.toNanos(now) - identity.changed.to(TimeUnit.NANOSECONDS);
            if (age < 0 && -age > STEP_NANOS || age > STEP_NANOS) {
                return identity;
            }
            LockSupport.parkNanos(STEP_NANOS - Math.max(age, 0) + 1);
        }
        throw new ModelLoadException("model file " + path
                + ": keeps changing while it is read, expected a complete file; load it again later");
    }

    /** Throws if the path names another file by now, or the file has changed. */
    void requireUnchanged() {
        try {
            if (of(path).equals(this)) {
                return;
            }
        } catch (IOException e) {
            throw new ModelLoadException("model file " + path + ": was removed while it was loaded", e);
        }
        throw new ModelLoadException("model file " + path
                + ": was changed or replaced after it was checked, expected the same file until it is loaded; load it"
                + " again");
    }
}
