package dev.kitchen.spi;

import java.nio.file.Path;
import java.util.List;

/**
 * A runtime that loads model files of one format. Found by {@link java.util.ServiceLoader}, or passed to the builder,
 * which wins. Its constructor does nothing that can fail.
 */
public interface Backend {

    /** A short name in lower case, such as {@code onnxruntime}; stable, for logs and metrics. */
    String name();

    /** Whether the file's name says that it is for this backend. Does not read the file. */
    boolean accepts(Path modelFile);

    /**
     * What the answers of its models depend on besides their files, such as the runtime's version, options and custom
     * operators. Kitchens that share a cache give each other's answers only where this text is the same. Empty by default.
     */
    default String variant() {
        return "";
    }

    /**
     * Loads a model. Called on any thread, also several at once.
     *
     * @throws dev.kitchen.error.ModelLoadException if the file is missing, damaged, hostile or unsupported
     * @throws dev.kitchen.error.ConfigurationException if the backend cannot work on this machine
     */
    InferenceSession load(Path modelFile);

    /** What is noteworthy on this machine. Never throws and loads no model. */
    List<Finding> preflight();
}
