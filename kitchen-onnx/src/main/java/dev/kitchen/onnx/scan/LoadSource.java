package dev.kitchen.onnx.scan;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where ONNX Runtime gets a model from: from memory, or from a file. To be closed once the session is made.
 *
 * @param bytes the model in direct memory, which no change of the file reaches; empty where it is loaded by its path
 * @param path the path to load the model by
 * @param dataDirectory the directory of its external data
 * @param copy the directory to delete afterwards
 */
public record LoadSource(
        Optional<ByteBuffer> bytes,
        Path path,
        Path dataDirectory,
        @Nullable Path copy) implements AutoCloseable {

    /** The session option that names the directory of the external data of a model that is loaded from memory. */
    public static final String DIRECTORY_OPTION = "session.model_external_initializers_file_folder_path";

    @Override
    public void close() {
        if (copy != null) {
            ExternalCopy.delete(copy);
        }
    }
}
