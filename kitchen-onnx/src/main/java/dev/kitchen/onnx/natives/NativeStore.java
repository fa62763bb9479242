package dev.kitchen.onnx.natives;

import dev.kitchen.error.ConfigurationException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The native libraries that this user's JVMs share, each kept once under a name that tells its content. Files appear
 * by an atomic rename and never change, so any number of JVMs may start at once.
 */
final class NativeStore {

    private final Path directory;

    private NativeStore(Path directory) {
        this.directory = directory;
    }

    /** The store in a directory that {@link PrivateDirectory} has checked. */
    static NativeStore in(Path directory) throws IOException {
        return new NativeStore(PrivateDirectory.create(directory.resolve("libraries")));
    }

    /**
     * The library's file, with its checksum verified; unpacked first if it is missing or damaged.
     *
     * @param workspace a directory of this process on the same file system, swept if the process dies in it
     */
    Path file(NativeResource resource, Path workspace) throws IOException {
        Optional<Path> stored = verified(resource);
        return stored.isPresent() ? stored.get() : unpack(resource, workspace);
    }

    /** The key of a file is in the jar's directory, so the jar need not be unpacked to find and check the file. */
    private Optional<Path> verified(NativeResource resource) throws IOException {
        try (DirectoryStream<Path> candidates = Files.newDirectoryStream(directory, key(resource) + "*")) {
            for (Path candidate : candidates) {
                if (isIntact(candidate, resource)) {
                    return Optional.of(candidate);
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isIntact(Path candidate, NativeResource resource) throws IOException {
        if (!Files.isRegularFile(candidate, LinkOption.NOFOLLOW_LINKS) || Files.size(candidate) != resource.size()) {
            return false;
        }
        LibraryDigest digest = LibraryDigest.of(candidate);
        return resource.has(digest) && candidate.endsWith(name(resource, digest));
    }

    private Path unpack(NativeResource resource, Path workspace) throws IOException {
        Path part = workspace.resolve(resource.fileName() + ".part");
        part.toFile().deleteOnExit();
        write(resource, part);
        LibraryDigest digest = LibraryDigest.of(part);
        if (!resource.has(digest)) {
            Files.delete(part);
            throw new ConfigurationException("the native library " + resource.url() + " is damaged: " + digest.size()
                    + " bytes with CRC " + Long.toHexString(digest.crc()) + ", expected " + resource.size()
                    + " bytes with CRC " + Long.toHexString(resource.crc()) + "; download the onnxruntime jar again");
        }
        PrivateDirectory.makeReadAndExecuteOnly(part);
        return publish(part, resource, digest);
    }

    private static void write(NativeResource resource, Path part) throws IOException {
        try (InputStream content = resource.open()) {
            Files.copy(content, part, StandardCopyOption.REPLACE_EXISTING);
        }
        try (FileChannel file = FileChannel.open(part, StandardOpenOption.WRITE)) {
            file.force(true);
        }
    }

    private Path publish(Path part, NativeResource resource, LibraryDigest digest) throws IOException {
        Path file = directory.resolve(name(resource, digest));
        try {
            return Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            // Windows does not replace a file in use: then another JVM was faster, and its file is as good.
            Files.deleteIfExists(part);
            return verified(resource).orElseThrow(() -> e);
        }
    }

    private static String name(NativeResource resource, LibraryDigest digest) {
        return key(resource) + digest.sha256();
    }

    private static String key(NativeResource resource) {
        return resource.fileName() + "-" + resource.size() + "-" + Long.toHexString(resource.crc()) + "-";
    }
}
