package dev.kitchen.tflite;

import dev.kitchen.error.ConfigurationException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.tensorflowlite.global.tensorflowlite;

/** TensorFlow Lite's native library, which JavaCPP unpacks and loads. */
final class TfliteLibrary {

    /**
     * JavaCPP refuses to make objects once the process has more resident memory than twice its heap, as if all of it were
     * its own. A server's is not, so the limit is off unless its user set one.
     */
    private static final String MEMORY_LIMIT = "org.bytedeco.javacpp.maxPhysicalBytes";

    private TfliteLibrary() {}

    /**
     * Loads it, once for each class loader.
     *
     * @throws ConfigurationException saying in one line what is missing and what to add
     */
    static void require() {
        boolean limited = System.getProperty(MEMORY_LIMIT) != null
                || System.getProperty("org.bytedeco.javacpp.maxphysicalbytes") != null;
        try {
            if (!limited) {
                System.setProperty(MEMORY_LIMIT, "0");
            }
            Loader.load(tensorflowlite.class);
            Pointer.maxPhysicalBytes();
        } catch (LinkageError | RuntimeException e) {
            throw new ConfigurationException(LibraryHelp.of(e), e);
        } finally {
            if (!limited) {
                System.clearProperty(MEMORY_LIMIT);
            }
        }
    }

    static String jarVersion() {
        String place = "/META-INF/maven/org.bytedeco/tensorflow-lite/pom.properties";
        Properties properties = new Properties();
        try (InputStream in = TfliteLibrary.class.getResourceAsStream(place)) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            // As if there were none.
        }
        return properties.getProperty("version", "unknown");
    }

    static String version() {
        return tensorflowlite.TfLiteVersion().getString();
    }
}
