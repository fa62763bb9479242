package dev.kitchen.onnx;

import ai.onnxruntime.OrtEnvironment;
import dev.kitchen.error.MessageText;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** ONNX Runtime's own system properties about its native libraries, which belong to the user. */
final class NativeSettings {

    private static final String DIRECTORY = "onnxruntime.native.path";

    private static final List<String> PROPERTIES = List.of(
            DIRECTORY,
            "onnxruntime.native.onnxruntime.path",
            "onnxruntime.native.onnxruntime4j_jni.path",
            "onnxruntime.native.onnxruntime.skip",
            "onnxruntime.native.onnxruntime4j_jni.skip");

    private NativeSettings() {}

    /** What the user has chosen, as {@code property=value}. */
    static Optional<String> chosenByUser() {
        return PROPERTIES.stream()
                .filter(property -> System.getProperty(property) != null)
                .findFirst()
                .map(property -> property + "=" + MessageText.of(System.getProperty(property), 200));
    }

    /**
     * Loads ONNX Runtime's libraries from a directory. The property is the whole JVM's, so callers hold the lock of the
     * whole JVM, and no value of the user's is there.
     */
    static OrtEnvironment withDirectory(Path directory, Supplier<OrtEnvironment> load) {
        System.setProperty(DIRECTORY, directory.toString());
        try {
            return load.get();
        } finally {
            System.clearProperty(DIRECTORY);
        }
    }
}
