package dev.kitchen.onnx;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A main class of the test class path in a JVM of its own: for what may kill a JVM, happens once in it, or hangs on how
 * it was started. Telemetry is forbidden to it unless its environment is told otherwise.
 */
public final class ForkedJvm {

    private static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";

    private final Class<?> main;
    private final List<String> flags = new ArrayList<>();
    private final List<String> arguments = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>(Map.of("ORT_DISABLE_TELEMETRY", "1"));
    private List<String> program;
    private String home = System.getProperty("java.home");
    private Duration timeout = Duration.ofMinutes(2);
    private long memoryKib;

    /** How it ended, with what it wrote to its standard output and its standard error. */
    public record Result(int exitCode, String output) {

        /** What follows {@code name=} on the first line that starts so. */
        public String value(String name) {
            return output.lines()
                    .filter(line -> line.startsWith(name + "="))
                    .findFirst()
                    .map(line -> line.substring(name.length() + 1))
                    .orElseThrow(() -> new AssertionError("no " + name + " in " + output));
        }
    }

    /** A JVM that runs. To be closed, which kills it. */
    public record Running(Process process) implements AutoCloseable {

        /** Blocks until it writes a line; null if it ends instead. */
        public String readLine() throws IOException {
            return process.inputReader().readLine();
        }

        /** Writes a line to its standard input. */
        public void writeLine(String line) throws IOException {
            process.outputWriter().write(line + "\n");
            process.outputWriter().flush();
        }

        public void kill() throws InterruptedException {
            process.destroyForcibly().waitFor();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    private ForkedJvm(Class<?> main) {
        this.main = main;
        flags.addAll(List.of(
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=" + temporary("hs_err_forked_%p.log"),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                NATIVE_ACCESS));
        program = classPath(System.getProperty("java.class.path"));
    }

    private List<String> classPath(String classPath) {
        return List.of("-cp", classPath, main.getName());
    }

    private static String temporary(String name) {
        return Path.of(System.getProperty("java.io.tmpdir"), name).toString();
    }

    public static ForkedJvm of(Class<?> main) {
        return new ForkedJvm(main);
    }

    public ForkedJvm withFlags(String... more) {
        flags.addAll(List.of(more));
        return this;
    }

    public ForkedJvm withArguments(String... more) {
        arguments.addAll(List.of(more));
        return this;
    }

    /** A variable of its environment; the empty value unsets it. */
    public ForkedJvm withEnvironment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    public ForkedJvm withClassPath(String other) {
        program = classPath(other);
        return this;
    }

    /** Started with {@code java -jar}, which goes by the jar's manifest. */
    ForkedJvm withJar(Path jar) {
        program = List.of("-jar", jar.toString());
        return this;
    }

    /** Of another Java installation. */
    ForkedJvm withHome(Path other) {
        home = other.toString();
        return this;
    }

    /** Without the flag that allows native access, as most users start theirs. */
    ForkedJvm withoutNativeAccess() {
        flags.remove(NATIVE_ACCESS);
        return this;
    }

    /** With at most so much virtual memory, beyond which native allocations fail. */
    ForkedJvm withMemoryLimit(long kib) {
        memoryKib = kib;
        return this;
    }

    ForkedJvm withTimeout(Duration other) {
        timeout = other;
        return this;
    }

    /** Runs it to its end. */
    public Result run() throws InterruptedException {
        try {
            Path output = Files.createTempFile("forked", ".txt");
            Process process = builder()
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            process.getOutputStream().close();
            boolean ended = process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
            process.destroyForcibly().waitFor();
            String text = Files.readString(output);
            Files.delete(output);
            if (!ended) {
                throw new AssertionError(main.getSimpleName() + " ran longer than " + timeout + ": " + text);
            }
            return new Result(process.exitValue(), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it; its standard output is to be read, its standard error is this JVM's. */
    public Running start() {
        try {
            return new Running(
                    builder().redirectError(ProcessBuilder.Redirect.INHERIT).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ProcessBuilder builder() {
        List<String> command = new ArrayList<>();
        if (memoryKib > 0) {
            command.addAll(List.of("sh", "-c", "ulimit -v " + memoryKib + " && exec \"$@\"", "sh"));
        }
        command.add(home + File.separator + "bin" + File.separator + "java");
        command.addAll(flags);
        command.addAll(program);
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        environment.forEach((name, value) -> {
            if (value.isEmpty()) {
                builder.environment().remove(name);
            } else {
                builder.environment().put(name, value);
            }
        });
        return builder;
    }
}
