package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.registry.DeployRequest;
import dev.kitchen.registry.ModelInfo;
import dev.kitchen.testkit.FakeBackend;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two processes change one registry at once, and one of them is killed again and again: after each round what answers is
 * what the document says, and health is right.
 */
@Timeout(600)
class TwoProcessesTest {

    @TempDir
    Path directory;

    @TempDir
    Path sources;

    private final FakeBackend backend = new FakeBackend();

    @AfterEach
    void leaksNoSession() {
        assertThat(backend.openSessions()).isZero();
        assertThat(backend.violations()).isZero();
    }

    @Test
    void afterEachKillTheRegistryIsSoundAndEverybodyGoesByIt() throws Exception {
        rounds(4, 20261128);
    }

    @Test
    @Tag("proof")
    void afterEachOfManyKillsTheRegistryIsSoundAndEverybodyGoesByIt() throws Exception {
        rounds(100, System.nanoTime());
    }

    private void rounds(int rounds, long seed) throws Exception {
        Random random = new Random(seed);
        try (Kitchen kitchen = Kitchen.builder()
                .models(directory)
                .backend(backend)
                .watch(Duration.ofMillis(10))
                .open()) {
            deploy(kitchen, "first", true);
            for (int round = 0; round < rounds; round++) {
                Process other = start(random.nextLong());
                try {
                    awaitOperations(other, 1 + random.nextInt(8));
                    for (int i = random.nextInt(6); i >= 0; i--) {
                        ChangesRegistry.change(kitchen.registry(), sources, random);
                        assertThat(kitchen.endpoint("m")
                                        .predict("x", Models.x(1))
                                        .tensor("tag"))
                                .isNotNull();
                    }
                } finally {
                    other.destroyForcibly().waitFor();
                }
                assertSound(kitchen, "seed " + seed + ", round " + round);
            }
        }
    }

    private void assertSound(Kitchen kitchen, String round) throws IOException {
        deploy(kitchen, round, false);
        kitchen.refresh();
        ModelInfo info = kitchen.registry().describe("m");

        assertThat(kitchen.health().problems()).as(round).isEmpty();
        assertThat(kitchen.endpoint("m").predict("x", Models.x(1)).version())
                .as(round)
                .isEqualTo(info.currentVersion().orElseThrow());
        assertThat(kitchen.registry().verify("m")).as(round).isEmpty();
        assertThat(staged()).as(round).isEmpty();
        try (Kitchen fresh = Kitchen.builder()
                .models(directory)
                .backend(backend)
                .watch(Duration.ZERO)
                .open()) {
            assertThat(fresh.endpoint("m").version())
                    .as(round)
                    .isEqualTo(kitchen.endpoint("m").version());
            assertThat(fresh.health().status()).as(round).isEqualTo(Health.Status.UP);
        }
    }

    /** Where nobody can tell who is dead, age decides. */
    private List<Path> staged() throws IOException {
        if (!System.getProperty("os.name").equals("Linux")) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory.resolve(".staging"))) {
            return entries.toList();
        }
    }

    private void deploy(Kitchen kitchen, String tag, boolean activate) throws IOException {
        Path source = Files.createTempDirectory(sources, "source");
        DeployRequest.Builder request = DeployRequest.of("m", FakeBackend.writeModel(source, "model", tag));
        kitchen.registry().deploy((activate ? request.activate() : request).build());
    }

    private Process start(long seed) throws IOException {
        return new ProcessBuilder(
                        System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ChangesRegistry.class.getName(),
                        directory.toString(),
                        sources.toString(),
                        Long.toString(seed))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static void awaitOperations(Process process, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            assertThat(process.inputReader().readLine()).startsWith("operation");
        }
    }
}
