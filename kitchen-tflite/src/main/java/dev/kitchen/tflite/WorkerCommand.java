package dev.kitchen.tflite;

import dev.kitchen.error.ConfigurationException;
import dev.kitchen.tensor.Tensor;
import java.io.File;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.tensorflowlite.global.tensorflowlite;
import org.slf4j.Logger;

/** How a worker process is started: this Java, with what of this class path it needs. */
final class WorkerCommand {

    /** A crash ends the process at once: the JVM's report of it needs memory that may be damaged, and hangs. */
    private static final List<String> FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-CreateCoredumpOnCrash",
            "-XX:+SuppressFatalErrorMessage",
            "-XX:+DisplayVMOutputToStderr",
            "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
            "--enable-native-access=ALL-UNNAMED");

    private WorkerCommand() {}

    static ProcessBuilder builder() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        command.addAll(List.of("-cp", String.join(File.pathSeparator, classPath()), IsolatedWorker.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        builder.environment().remove("JDK_JAVA_OPTIONS");
        return builder;
    }

    private static Set<String> classPath() {
        Set<String> places = new LinkedHashSet<>();
        for (Class<?> type :
                List.of(IsolatedWorker.class, Tensor.class, Pointer.class, tensorflowlite.class, Logger.class)) {
            String resource = type.getName().replace('.', '/') + ".class";
            places.add(place(type.getClassLoader().getResource(resource), resource));
        }
        String platform = Loader.getPlatform();
        for (String folder : List.of("org/bytedeco/javacpp/", "org/bytedeco/tensorflowlite/")) {
            URL natives = Pointer.class.getClassLoader().getResource(folder + platform + "/");
            if (natives != null) {
                places.add(place(natives, folder + platform + "/"));
            }
        }
        return places;
    }

    /** The directory or jar that a resource is in. */
    private static String place(URL url, String resource) {
        String text = String.valueOf(url);
        try {
            if (text.startsWith("jar:file:") && text.indexOf('!') == text.lastIndexOf('!')) {
                return Path.of(new URI(text.substring("jar:".length(), text.indexOf('!'))))
                        .toString();
            }
            if (text.startsWith("file:") && text.endsWith(resource)) {
                return Path.of(new URI(text.substring(0, text.length() - resource.length())))
                        .toString();
            }
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
        throw new ConfigurationException("models cannot run isolated: " + text
                + " is no plain jar or directory, which another process could be given; unpack the application");
    }
}
