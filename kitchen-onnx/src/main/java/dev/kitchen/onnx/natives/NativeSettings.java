package dev.kitchen.onnx.natives;

import dev.kitchen.error.MessageText;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The system properties with which users choose ONNX Runtime's native libraries. */
public final class NativeSettings {

    private static final String DIRECTORY = "onnxruntime.native.path";

    private static final List<String> PROPERTIES = List.of(
            DIRECTORY,
            "onnxruntime.native.onnxruntime.path",
            "onnxruntime.native.onnxruntime4j_jni.path",
            "onnxruntime.native.onnxruntime.skip",
            "onnxruntime.native.onnxruntime4j_jni.skip");

    private NativeSettings() {}

    /** What the user has chosen, as {@code property=value}. */
    public static Optional<String> chosenByUser() {
        return PROPERTIES.stream()
                .filter(property -> System.getProperty(property) != null)
                .findFirst()
                .map(property -> property + "=" + MessageText.of(System.getProperty(property), 200));
    }

    /**
     * Loads ONNX Runtime's libraries from a directory. The property is the whole JVM's, so callers hold the lock of the
     * whole JVM, and no value of the user's is there.
     */
    public static <T> T withDirectory(Path directory, Supplier<T> load) {
        System.setProperty(DIRECTORY, directory.toString());
        try {
            return load.get();
        } finally {
            System.clearProperty(DIRECTORY);
        }
    }
}
