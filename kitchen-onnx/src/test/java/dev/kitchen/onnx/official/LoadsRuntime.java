package dev.kitchen.onnx.official;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.kitchen.error.ConfigurationException;
import dev.kitchen.onnx.natives.NativeInstallation;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Loads ONNX Runtime, runs a model, and writes what it sees as {@code name=value}. With the argument {@code wait} it
 * then lives on until its standard input ends; other arguments let somebody else touch ONNX Runtime first.
 */
public final class LoadsRuntime {

    private LoadsRuntime() {}

    public static void main(String[] arguments) throws IOException, OrtException {
        String mode = arguments.length > 0 ? arguments[0] : "";
        OrtEnvironment others = others(mode);
        try {
            OrtEnvironment environment = OnnxEnvironment.get();
            print("answer", IdentityModel.run(environment, 42f));
            print("version", environment.getVersion());
            print("others", environment == others);
            print("same", environment == OnnxEnvironment.get());
        } catch (ConfigurationException e) {
            print("failure", e.getMessage());
            print("again", secondFailure());
        }
        print(
                "directory",
                OnnxEnvironment.installation()
                        .map(it -> it.directory().path().toString())
                        .orElse("none"));
        print(
                "swept",
                OnnxEnvironment.installation()
                        .map(NativeInstallation::sweptDirectories)
                        .orElse(0));
        print("property", System.getProperty("onnxruntime.native.path"));
        print("mapped", mapped());
        print("sockets", internetSockets());
        print("ready", true);
        if (mode.equals("wait")) {
            System.in.read();
        }
    }

    /** What another library in the same application may have done first. */
    private static OrtEnvironment others(String mode) {
        if (mode.equals("after-others")) {
            return OrtEnvironment.getEnvironment();
        }
        if (mode.equals("after-failure-of-others")) {
            System.setProperty("onnxruntime.native.path", "/missing");
            try {
                return OrtEnvironment.getEnvironment();
            } catch (LinkageError expected) {
                System.clearProperty("onnxruntime.native.path");
            }
        }
        return null;
    }

    private static String secondFailure() {
        try {
            return "none: " + OnnxEnvironment.get();
        } catch (ConfigurationException e) {
            return e.getMessage();
        }
    }

    private static String mapped() throws IOException {
        Path maps = Path.of("/proc/self/maps");
        if (!Files.exists(maps)) {
            return "unknown";
        }
        return Files.readAllLines(maps).stream()
                .filter(it -> it.contains("onnxruntime") && it.contains("/"))
                .map(it -> it.substring(it.indexOf('/')))
                .distinct()
                .sorted()
                .collect(Collectors.joining(","));
    }

    /** Open sockets to a network; the JDK itself keeps a local one for its channels. */
    private static long internetSockets() throws IOException {
        Path handles = Path.of("/proc/self/fd");
        if (!Files.exists(handles)) {
            return 0;
        }
        Set<String> own = new HashSet<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(handles)) {
            stream.forEach(handle -> own.add(target(handle)));
        }
        long sockets = 0;
        for (String protocol : List.of("tcp", "tcp6", "udp", "udp6")) {
            Path table = Path.of("/proc/self/net", protocol);
            List<String> lines = Files.exists(table) ? Files.readAllLines(table) : List.of();
            sockets += lines.stream()
                    .map(line -> line.strip().split("\\s+"))
                    .filter(fields -> fields.length > 9 && own.contains("socket:[" + fields[9] + "]"))
                    .count();
        }
        return sockets;
    }

    private static String target(Path handle) {
        try {
            return Files.readSymbolicLink(handle).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }

    private static void print(String name, Object value) {
        System.out.println(name + "=" + value);
    }
}
