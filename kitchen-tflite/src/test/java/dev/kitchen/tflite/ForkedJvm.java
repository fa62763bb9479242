package dev.kitchen.tflite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A main class of the test class path in a JVM of its own: for what may kill a JVM, or counts its memory. */
final class ForkedJvm {

    private static final int TIMEOUT_MINUTES = 10;

    private ForkedJvm() {}

    /** How it ended, with what it wrote. */
    record Result(int exitCode, String output) {}

    static Result run(List<String> flags, Class<?> main, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=" + Path.of(System.getProperty("java.io.tmpdir"), "hs_err_forked_%p.log"),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "--enable-native-access=ALL-UNNAMED"));
        command.addAll(flags);
        if (!flags.contains("-cp")) {
            command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        }
        command.add(main.getName());
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile("forked", ".txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        process.getOutputStream().close();
        boolean ended = process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES);
        process.destroyForcibly().waitFor();
        String text = Files.readString(output);
        Files.delete(output);
        if (!ended) {
            throw new AssertionError(main.getSimpleName() + " ran longer than expected: " + text);
        }
        return new Result(process.exitValue(), text);
    }
}
