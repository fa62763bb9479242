package dev.kitchen.onnx.natives;

import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.MessageText;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** The JVM's temporary directory: ONNX Runtime makes a directory in it, used or not, each time it loads. */
public final class TemporaryDirectory {

    private TemporaryDirectory() {}

    /** What is wrong with the directory, in one line. */
    static Optional<String> problem() {
        String value = System.getProperty("java.io.tmpdir", "");
        String place = "the temporary directory java.io.tmpdir=" + MessageText.of(value, 200);
        try {
            Path directory = Path.of(value);
            if (!Files.exists(directory)) {
                return Optional.of(place + " does not exist");
            }
            if (!Files.isDirectory(directory)) {
                return Optional.of(place + " is not a directory");
            }
            return Files.isWritable(directory) ? Optional.empty() : Optional.of(place + " is not writable");
        } catch (InvalidPathException e) {
            return Optional.of(place + " is not a path");
        }
    }

    static String remedy() {
        return "start the JVM with -Djava.io.tmpdir=<a directory it can write to>";
    }

    /**
     * Does nothing where the directory can be used.
     *
     * @throws ConfigurationException naming it and the cure
     */
    public static void require() {
        problem().ifPresent(problem -> {
            throw new ConfigurationException(
                    problem + ", but ONNX Runtime needs to write there when it loads; " + remedy());
        });
    }

    public static Path path() {
        return Path.of(System.getProperty("java.io.tmpdir", ""));
    }
}
