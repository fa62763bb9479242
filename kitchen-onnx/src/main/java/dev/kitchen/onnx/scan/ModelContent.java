package dev.kitchen.onnx.scan;

import dev.kitchen.error.ModelLoadException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was scanned, for loading exactly that. A small model is kept in memory. A larger one, and external data, are
 * loaded from their files; those must be the same, unchanged, after loading as they were when they were scanned.
 * Immutable.
 */
public final class ModelContent {

    /** The session option that names the directory of the external data of a model that is loaded from memory. */
    public static final String DIRECTORY_OPTION = "session.model_external_initializers_file_folder_path";

    /** Up to this size a model is read into memory once, and scanned and loaded from there. */
    static final int MAX_IN_MEMORY = 32 << 20;

    private final Path path;
    private final Path loadPath;
    private final @Nullable ByteBuffer bytes;
    private final List<FileIdentity> identities;

    ModelContent(Path path, Path loadPath, @Nullable ByteBuffer bytes, List<FileIdentity> identities) {
        this.path = path;
        this.loadPath = loadPath;
        this.bytes = bytes;
        this.identities = List.copyOf(identities);
    }

    /**
     * Returns the model's bytes in direct memory, which no change of the file reaches; empty where the model is loaded
     * from {@link #loadPath}.
     */
    public Optional<ByteBuffer> bytes() {
        return Optional.ofNullable(bytes).map(ByteBuffer::duplicate);
    }

    /** Returns the path to load the model by, and whose directory holds its external data. */
    public Path loadPath() {
        return loadPath;
    }

    /** Returns the directory of the external data. */
    public Path directory() {
        return Objects.requireNonNull(loadPath.getParent(), "an absolute path has a directory");
    }

    /**
     * Checks that what has been loaded is what was scanned. To be called after loading and before the first use.
     *
     * @throws ModelLoadException if one of the files that were loaded by their paths has changed since
     */
    public void requireUnchanged() {
        identities.forEach(FileIdentity::requireUnchanged);
    }

    /** The scanned bytes once more, from memory or from the unchanged file. */
    byte[] read() throws IOException {
        byte[] copy;
        if (bytes != null) {
            copy = new byte[bytes.limit()];
            bytes.duplicate().get(copy);
        } else {
            copy = Files.readAllBytes(path);
            requireUnchanged();
        }
        return copy;
    }

    /** Reads a small file into memory; returns none for a larger one. */
    static @Nullable ByteBuffer inMemory(FileChannel channel, long size) throws IOException {
        if (size > MAX_IN_MEMORY) {
            return null;
        }
        ByteBuffer content = ByteBuffer.allocateDirect((int) size);
        while (content.hasRemaining() && channel.read(content, content.position()) > 0) {
            // reads until the buffer is full or the file ends
        }
        return content.flip();
    }

    /** The files whose identity matters: all external data, and the model where it is not in memory. */
    static List<FileIdentity> identities(@Nullable FileIdentity model, ExternalData data) {
        List<FileIdentity> identities = new ArrayList<>(data.identities());
        if (model != null) {
            identities.add(model);
        }
        return identities;
    }
}
