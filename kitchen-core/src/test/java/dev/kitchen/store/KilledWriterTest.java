package dev.kitchen.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kitchen.error.RegistryException;
import dev.kitchen.json.JsonTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that dies while it writes leaves the document before or after the change, and nobody locked out. */
class KilledWriterTest {

    @TempDir
    Path directory;

    private Path root;
    private RegistryDirectory registry;

    @BeforeEach
    void deployTwoVersions() throws IOException {
        root = directory.resolve("registry");
        registry = Registries.withTwoVersions(root, directory);
    }

    @Test
    void leavesTheOldOrTheNewDocumentAtEveryStep() throws Exception {
        killAtEveryStep();
    }

    @Test
    @Tag("proof")
    @Timeout(1800)
    void leavesTheOldOrTheNewDocumentAtEveryStepAHundredTimes() throws Exception {
        for (int round = 0; round < 100; round++) {
            killAtEveryStep();
        }
    }

    private void killAtEveryStep() throws IOException, InterruptedException {
        for (WriteStep step : WriteStep.values()) {
            RegistrySnapshot before = registry.refresh();

            try (ChildJvm child = ChildJvm.start(FlipsVersions.class, root, step)) {
                assertThat(child.readLine()).isEqualTo(step.name());
                child.kill();
            }

            boolean written = step.compareTo(WriteStep.MOVED) >= 0;
            requireIntact(before.generation() + (written ? 1 : 0));
            assertThat(Registries.current(registry.snapshot()).equals(Registries.current(before)))
                    .as(step.name())
                    .isNotEqualTo(written);
            requireWritable();
        }
    }

    @Test
    void leavesAGoodDocumentWheneverItDies() throws Exception {
        killWheneverItHappens(3);
    }

    @Test
    @Tag("proof")
    @Timeout(1800)
    void leavesAGoodDocumentWheneverItDiesAHundredTimes() throws Exception {
        killWheneverItHappens(100);
    }

    private void killWheneverItHappens(int times) throws IOException, InterruptedException {
        Random random = new Random(7);
        for (int i = 0; i < times; i++) {
            long said = 0;
            try (ChildJvm child = ChildJvm.start(FlipsVersions.class, root, FlipsVersions.NO_STEP)) {
                for (int lines = 1 + random.nextInt(20); lines > 0; lines--) {
                    said = Long.parseLong(child.readLine());
                }
                child.kill();
            }

            assertThat(registry.refresh().generation()).isGreaterThanOrEqualTo(said);
            requireIntact(registry.snapshot().generation());
            requireWritable();
        }
    }

    private void requireIntact(long generation) throws IOException {
        RegistrySnapshot snapshot = RegistryDirectory.open(root).snapshot();
        assertThat(snapshot.generation()).isEqualTo(generation);
        assertThat(Registries.current(snapshot)).isIn("1", "2");
        assertThat(registry.refresh().generation()).isEqualTo(generation);
        byte[] backup = Files.readAllBytes(root.resolve(DocumentFile.BACKUP_NAME));
        assertThat(JsonTree.parse("backup", backup, DocumentFile.MAX_BYTES)
                        .member(DocumentFile.GENERATION)
                        .orElseThrow()
                        .integer("backup"))
                .isBetween(generation - 1, generation);
    }

    private void requireWritable() {
        String other = Registries.current(registry.snapshot()).equals("1") ? "2" : "1";
        long before = registry.snapshot().generation();
        assertThat(registry.activate("m", other, "activate").generation()).isEqualTo(before + 1);
    }

    @Test
    void saysWhoWroteLastIfAnotherProcessKeepsTheLock() throws Exception {
        FileControlStore impatient = FileControlStore.in(root, Duration.ofMillis(50), Clock.systemUTC(), step -> {});
        try (ChildJvm child = ChildJvm.start(FlipsVersions.class, root, WriteStep.LOCKED)) {
            assertThat(child.readLine()).isEqualTo("LOCKED");

            RegistryException refused = assertThrows(
                    RegistryException.class,
                    () -> RegistryDirectory.open(root, impatient).activate("m", "2", "activate"));

            assertThat(refused.reason()).isEqualTo(RegistryException.Reason.LOCKED);
            assertThat(refused.retryable()).isTrue();
            assertThat(refused)
                    .hasMessageContaining(root.resolve(".registry.lock").toString())
                    .hasMessageContaining("\"pid\":" + ProcessHandle.current().pid());
            assertThat(registry.refresh().generation()).isEqualTo(2);
        }
    }
}
