package dev.kitchen.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.RegistryException;
import dev.kitchen.error.RegistryException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What an operation has done is on the disk before it is said to be done, in an order that a power failure cannot hurt. */
@Timeout(60)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "directories cannot be forced there")
class DurabilityTest {

    @TempDir
    Path directory;

    private Path root;
    private RecordingFileSystem files;
    private RegistryDirectory registry;

    @BeforeEach
    void openRegistry() throws IOException {
        root = Files.createDirectories(directory.resolve("registry"));
        files = new RecordingFileSystem(root);
        registry = RegistryDirectory.open(files.path());
    }

    @Test
    void aDeployForcesFilesThenDirectoriesThenTheDocument() throws IOException {
        Registries.deploy(registry, "m", Registries.model(directory, "first"));
        Registries.deploy(registry, "m", Registries.model(directory, "second"));

        List<String> events = files.events();
        int published = last(events, "move .staging/\\* -> models/m/2");
        int document = last(events, "move registry\\.json\\.\\*\\.tmp -> registry\\.json");
        assertThat(published).isLessThan(document);
        assertForcedAfterItsLastWrite(events.subList(0, published), "\\.staging/\\*/model.*\\.onnx");
        assertForcedAfterItsLastWrite(events.subList(0, published), "\\.staging/\\*/manifest\\.json");
        assertThat(last(events.subList(0, published), "force \\.staging/\\*")).isNotNegative();
        for (String forced : new String[] {"models/m", "models", ""}) {
            assertThat(last(events.subList(published, document), "force " + forced))
                    .as("force '%s' between publishing and the document", forced)
                    .isNotNegative();
        }
        assertForcedAfterItsLastWrite(events.subList(0, document), "registry\\.json\\.\\*\\.tmp");
        assertForcedAfterItsLastWrite(events.subList(0, document), "registry\\.json\\.bak\\.tmp");
        assertThat(last(events, "move registry\\.json\\.bak\\.tmp -> registry\\.json\\.bak"))
                .isLessThan(document);
        assertThat(last(events.subList(document, events.size()), "force ")).isNotNegative();
    }

    @Test
    void whatARecoveryKeepsIsForced() throws IOException {
        Registries.deploy(registry, "m", Registries.model(directory, "first"));
        Registries.deploy(registry, "m", Registries.model(directory, "second"));
        Files.writeString(root.resolve("registry.json"), "{\"broken");

        DocumentRecovery.in(files.path()).restore();

        assertForcedAfterItsLastWrite(files.events(), "registry\\.json\\.damaged-.*");
    }

    @Test
    void aDocumentThatComesBackOtherwiseThanItWasWrittenDoesNotReplaceTheOldOne() throws IOException {
        Registries.deploy(registry, "m", Registries.model(directory, "first"));
        byte[] before = Files.readAllBytes(root.resolve("registry.json"));
        files.garble();

        assertThatThrownBy(() -> registry.withdraw("m"))
                .isInstanceOfSatisfying(
                        RegistryException.class, it -> assertThat(it.reason()).isEqualTo(Reason.UNWRITABLE))
                .hasMessageContaining("comes back");

        assertThat(root.resolve("registry.json")).hasBinaryContent(before);
    }

    private static void assertForcedAfterItsLastWrite(List<String> events, String path) {
        int write = last(events, "write " + path);
        assertThat(write).as("write %s in %s", path, events).isNotNegative();
        assertThat(last(events, "force " + path))
                .as("force %s in %s", path, events)
                .isGreaterThan(write);
    }

    private static int last(List<String> events, String pattern) {
        for (int i = events.size() - 1; i >= 0; i--) {
            if (events.get(i).matches(pattern)) {
                return i;
            }
        }
        return -1;
    }
}
