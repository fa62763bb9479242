package dev.kitchen.onnx.scan;

import dev.kitchen.error.ModelLoadException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was scanned, for loading exactly that. A small model is kept in memory. A larger one, and external data, are
 * loaded from their files; those must be the same, unchanged, after loading as they were when they were scanned.
 * Immutable.
 */
public final class ModelContent {

    private static final Logger LOGGER = LoggerFactory.getLogger(ModelContent.class);

    /** Up to this size a model is read into memory once, and scanned and loaded from there. */
    static final int MAX_IN_MEMORY = 32 << 20;

    /** Up to this size external data is copied before it is loaded. */
    private static final long MAX_COPIED = 1L << 30;

    private final Path path;
    private final ModelDirectories directories;
    private final @Nullable ByteBuffer bytes;
    private final Map<String, Path> external;
    private final List<FileIdentity> identities;

    ModelContent(
            Path path,
            ModelDirectories directories,
            @Nullable ByteBuffer bytes,
            Map<String, Path> external,
            List<FileIdentity> identities) {
        this.path = path;
        this.directories = directories;
        this.bytes = bytes;
        this.external = Map.copyOf(external);
        this.identities = List.copyOf(identities);
    }

    /**
     * Makes ready what ONNX Runtime loads. External data is copied, as ONNX Runtime goes on reading it while the model
     * serves; where it is too large for that, or there is no room, it is read where it lies.
     */
    public LoadSource open() {
        if (!external.isEmpty() && isCopied()) {
            try {
                return openCopy();
            } catch (IOException e) {
                LOGGER.warn(
                        "model file {}: its external data cannot be copied to java.io.tmpdir and is used where it lies;"
                                + " replace it by another file, but do not change it, while the model serves: {}",
                        path,
                        e.toString());
            }
        }
        // ONNX Runtime follows links out of the data's directory only where it is given the link to the model.
        Optional<ByteBuffer> inMemory = directories.usesLogical() ? Optional.empty() : bytes();
        return new LoadSource(inMemory, directories.loadPath(), directory(), null);
    }

    private boolean isCopied() {
        long size = 0;
        for (FileIdentity file : identities) {
            if (external.containsValue(file.path())) {
                size += file.size();
            }
        }
        if (size > MAX_COPIED) {
            LOGGER.info(
                    "model file {}: its {} bytes of external data are used where they lie; do not change them while the"
                            + " model serves",
                    path,
                    size);
        }
        return size <= MAX_COPIED;
    }

    private LoadSource openCopy() throws IOException {
        Map<String, Path> files = new HashMap<>(external);
        String name = path.getFileName().toString();
        if (bytes == null) {
            files.put(name, path);
        }
        Path copy = ExternalCopy.make(files);
        return new LoadSource(bytes(), copy.resolve(name), copy, copy);
    }

    private Optional<ByteBuffer> bytes() {
        return Optional.ofNullable(bytes).map(ByteBuffer::duplicate);
    }

    private Path directory() {
        return Objects.requireNonNull(directories.loadPath().getParent(), "an absolute path has a directory");
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
