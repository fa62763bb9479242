package dev.kitchen.cli;

import static dev.kitchen.cli.CommandLineRun.IRIS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar that users start, in JVMs of its own. */
class KitchenJarTest {

    private static final Path JAR = Path.of(System.getProperty("kitchen.jar", "target/kitchen.jar"));
    private static final int ROWS = 400_000;

    @TempDir
    private Path directory;

    private CommandLineRun run(List<String> flags, Object... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
        command.addAll(flags);
        command.addAll(List.of("-jar", JAR.toString()));
        Arrays.stream(arguments).map(Object::toString).forEach(command::add);
        Path out = directory.resolve("out.txt");
        Path messages = directory.resolve("messages.txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(messages.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(
                        Files.write(directory.resolve("in.txt"), new byte[0]).toFile()));
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        Process process = builder.start();
        boolean ended = process.waitFor(2, TimeUnit.MINUTES);
        process.destroyForcibly().waitFor();
        assertThat(ended).as("ended by itself: " + command).isTrue();
        return new CommandLineRun(process.exitValue(), Files.readString(out), Files.readString(messages));
    }

    private CommandLineRun run(Object... arguments) throws IOException, InterruptedException {
        return run(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"), arguments);
    }

    private Path csv(String... rows) throws IOException {
        String header = "sepalLength,sepalWidth,petalLength,petalWidth\n";
        return Files.writeString(directory.resolve("rows.csv"), header + String.join("\n", rows));
    }

    @Test
    void predictsWithNothingButResultsOnStandardOutput() throws Exception {
        CommandLineRun run = run("predict", IRIS, csv("5.1,3.5,1.4,0.2"));

        assertThat(run.code()).as(run.messages()).isZero();
        assertThat(run.out()).startsWith("probabilities[0],").hasLineCount(2);
        assertThat(run.messages()).isEmpty();
    }

    @Test
    void exitCodesReachTheShell() throws Exception {
        assertThat(run("inspect", IRIS, "--json").json().at("/operators/Gemm").asInt())
                .isEqualTo(1);
        assertThat(run("inspect", directory.resolve("none.onnx")).code()).isEqualTo(3);
        assertThat(run("predict", IRIS, csv("5.1,3.5,x,0.2")).code()).isEqualTo(4);
        assertThat(run("predict").code()).isEqualTo(2);
        CommandLineRun doctor = run("doctor", "--json");
        assertThat(doctor.code()).isZero();
        assertThat(doctor.json().get("kitchen").asString()).matches("\\d+\\..*");
    }

    @Test
    void theFirstDeployMakesARegistryWithoutAWord() throws Exception {
        Path registry = directory.resolve("registry");

        CommandLineRun run = run("deploy", "iris", IRIS, "--registry", registry);

        assertThat(run.code()).as(run.messages()).isZero();
        assertThat(run.out()).isEqualTo("iris 1 active\n");
        assertThat(run.messages()).isEmpty();
    }

    @Test
    void memoryDoesNotGrowWithTheFile() throws Exception {
        Path rows = directory.resolve("many.csv");
        try (Writer writer = Files.newBufferedWriter(rows)) {
            writer.write("id,sepalLength,sepalWidth,petalLength,petalWidth\n");
            for (int i = 0; i < ROWS; i++) {
                writer.write(i + "," + (i % 80) / 10.0 + ",3.5,1.4," + (i % 25) / 10.0 + "\n");
            }
        }
        Path answers = directory.resolve("answers.csv");

        CommandLineRun run =
                run(List.of("-XX:+UseSerialGC", "-Xmx32m"), "predict", IRIS, rows, "--keep", "id", "-o", answers);

        assertThat(run.code()).as(run.messages()).isZero();
        assertThat(Files.size(rows)).isGreaterThan(8L << 20);
        List<String> last = new ArrayList<>();
        try (var lines = Files.lines(answers)) {
            assertThat(lines.peek(it -> {
                                last.clear();
                                last.add(it);
                            })
                            .count())
                    .isEqualTo(ROWS + 1L);
        }
        assertThat(last.get(0)).startsWith((ROWS - 1) + ",");
    }

    @Test
    void aFullDiskIsNotTakenForSuccess() throws Exception {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "this system has no /dev/full");

        CommandLineRun run = run("predict", IRIS, csv("5.1,3.5,1.4,0.2"), "-o", full);

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.messages()).contains("No space left on device").hasLineCount(1);
    }

    @Test
    void holdsEveryServiceAndSaysWhatItNeeds() throws Exception {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            var manifest = jar.getManifest().getMainAttributes();
            assertThat(manifest.getValue("Enable-Native-Access")).isEqualTo("ALL-UNNAMED");
            assertThat(manifest.getValue("Main-Class")).isEqualTo("dev.kitchen.cli.Main");
            assertThat(service(jar, "dev.kitchen.spi.Backend")).contains("dev.kitchen.onnx.OnnxBackend");
            assertThat(service(jar, "org.slf4j.spi.SLF4JServiceProvider")).contains("org.slf4j.simple");
            if (Runtime.version().feature() >= 22) {
                assertThat(jar.getEntry("dev/kitchen/onnx/foreign/ForeignRuntime.class"))
                        .isNotNull();
            }
        }
    }

    private static String service(JarFile jar, String name) throws IOException {
        try (InputStream in = jar.getInputStream(jar.getEntry("META-INF/services/" + name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
