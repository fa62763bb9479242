package dev.kitchen.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.RegistryException;
import dev.kitchen.error.RegistryException.Reason;
import dev.kitchen.registry.AuditEntry;
import dev.kitchen.registry.DeployRequest;
import dev.kitchen.registry.ModelInfo;
import dev.kitchen.registry.VersionInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentRecoveryTest {

    @TempDir
    Path directory;

    private Path root;
    private Path file;
    private Path backup;
    private byte[] bytes;
    private byte[] bytesOfBackup;
    private RegistryDirectory running;
    private DocumentRecovery recovery;

    /** Generation 2, whose backup has version 1 only. */
    @BeforeEach
    void makeARegistry() throws IOException {
        root = directory.resolve("registry");
        file = root.resolve("registry.json");
        backup = root.resolve("registry.json.bak");
        running = Registries.withTwoVersions(root, directory);
        bytes = Files.readAllBytes(file);
        bytesOfBackup = Files.readAllBytes(backup);
        recovery = DocumentRecovery.in(root);
    }

    private ModelInfo recovered() {
        RegistrySnapshot snapshot = RegistryDirectory.open(root).snapshot();
        assertThat(running.refresh()).hasToString(snapshot.toString());
        return snapshot.model("m").orElseThrow();
    }

    private static void requireRefused(Reason reason, DocumentRecovery recovery) {
        assertThatThrownBy(recovery::restore)
                .isInstanceOfSatisfying(
                        RegistryException.class, it -> assertThat(it.reason()).isEqualTo(reason));
    }

    @Test
    void goesBackToTheBackupAndKeepsWhatWasDamaged() throws IOException {
        byte[] half = Arrays.copyOf(bytes, bytes.length / 2);
        Files.write(file, half);
        assertThat(recovery.problem()).get().asString().contains(file.toString());
        assertThat(recovery.generation()).hasValue(2);
        assertThat(recovery.problemOfBackup()).isEmpty();
        assertThat(recovery.generationOfBackup()).hasValue(1);

        Path kept = recovery.restore().orElseThrow();

        assertThat(recovered().versions()).extracting(VersionInfo::version).containsExactly("1");
        assertThat(running.snapshot().generation()).isEqualTo(3);
        assertThat(recovery.problem()).isEmpty();
        assertThat(kept.getParent()).isEqualTo(root);
        assertThat(kept.getFileName().toString()).matches("registry\\.json\\.damaged-\\d{8}T\\d{6}\\.\\d{3}Z");
        assertThat(kept).hasBinaryContent(half);
        assertThat(backup).hasBinaryContent(bytesOfBackup);
    }

    @Test
    void isWrittenDown() throws IOException {
        Files.writeString(file, "{");

        recovery.restore();

        AuditEntry last = running.history("m").get(3);
        assertThat(last.operation()).isEqualTo("recover");
        assertThat(last.to()).contains("1");
        assertThat(last.generation()).isEqualTo(3);
        assertThat(last.reason()).contains("generation 1").contains("generation 3");
    }

    @Test
    void whatCameAfterTheBackupIsDeployedOnceMore() throws IOException {
        Files.writeString(file, "garbage");
        recovery.restore();

        Registries.deploy(
                running,
                DeployRequest.of("m", Registries.model(directory, "another two"))
                        .version("2")
                        .build());

        assertThat(running.verify(recovered().version("2").orElseThrow())).isEmpty();
        assertThat(running.snapshot().generation()).isEqualTo(4);
    }

    @Test
    void aMissingDocumentComesBack() throws IOException {
        Files.delete(file);
        assertThat(recovery.generation()).isEmpty();

        assertThat(recovery.restore()).isEmpty();

        assertThat(recovered().currentVersion()).contains("1");
    }

    @Test
    void aContradictionIsDamageToo() throws IOException {
        String text = new String(bytes, StandardCharsets.UTF_8);
        Files.writeString(file, text.replaceFirst("(\"current_version\"\\s*:\\s*)\"1\"", "$1\"7\""));
        assertThat(recovery.problem()).get().asString().contains("current_version is '7'");

        assertThat(recovery.restore()).isPresent();

        assertThat(recovered().currentVersion()).contains("1");
    }

    @Test
    void aSoundDocumentStays() {
        requireRefused(Reason.CONFLICT, recovery);

        assertThat(file).hasBinaryContent(bytes);
        assertThat(root.toFile().list()).noneMatch(it -> it.contains("damaged"));
    }

    @Test
    void nothingIsDoneWithoutAGoodBackup() throws IOException {
        Files.writeString(file, "{");
        Files.writeString(backup, "{\"m\": 3}");

        requireRefused(Reason.DAMAGED, recovery);
        Files.delete(backup);
        requireRefused(Reason.DAMAGED, recovery);

        assertThat(file).hasContent("{");
        assertThat(root.toFile().list()).noneMatch(it -> it.contains("damaged"));
    }
}
