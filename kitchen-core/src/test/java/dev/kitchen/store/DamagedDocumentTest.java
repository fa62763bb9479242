package dev.kitchen.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.RegistryException;
import dev.kitchen.error.RegistryException.Reason;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A damaged document is reported, with where and what to do, and never taken for the truth. */
class DamagedDocumentTest {

    @TempDir
    Path directory;

    private Path root;
    private Path file;
    private RegistryDirectory registry;
    private RegistrySnapshot good;

    @BeforeEach
    void makeARegistry() throws IOException {
        root = directory.resolve("registry");
        file = root.resolve("registry.json");
        registry = Registries.withTwoVersions(root, directory);
        good = registry.snapshot();
    }

    private void requireDamaged() {
        assertThatThrownBy(registry::refresh)
                .isInstanceOfSatisfying(
                        RegistryException.class, it -> assertThat(it.reason()).isEqualTo(Reason.DAMAGED))
                .hasMessageContaining(file.toString());
        assertThat(registry.snapshot()).isEqualTo(good);
        assertThatThrownBy(() -> RegistryDirectory.open(root).snapshot())
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(root.resolve("registry.json.bak") + " holds generation 1");
        assertThatThrownBy(() -> registry.activate("m", "2", "activate")).isInstanceOf(RegistryException.class);
    }

    @Test
    void cutOffAtEveryByte() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int end = new String(bytes, StandardCharsets.UTF_8).lastIndexOf('}');
        for (int length = 0; length <= end; length++) {
            Files.write(file, Arrays.copyOf(bytes, length));

            requireDamaged();
            assertThat(Files.readAllBytes(file)).hasSize(length);
        }

        Files.write(file, bytes);
        assertThat(registry.refresh()).hasToString(good.toString());
    }

    @Test
    void garbage() throws IOException {
        Random random = new Random(3);
        for (int i = 0; i < 200; i++) {
            byte[] bytes = new byte[1 + random.nextInt(300)];
            random.nextBytes(bytes);
            Files.write(file, bytes);

            requireDamaged();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\ufeff{}",
                "[]",
                "null",
                "{\"m\":{},\"m\":{}}",
                "{\"m\":5}",
                "{\"m\":null}",
                "{\"m\":{\"versions\":[]}}",
                "{\"m\":{\"versions\":{\"1\":\"models/m/1\"}}}",
                "{\"m\":{\"versions\":{\"1\":{}}}}",
                "{\"m\":{\"versions\":{\"1\":{\"path\":7}}}}",
                "{\"m\":{\"versions\":{\"1\":{\"path\":\"a\\u0000b\"}}}}",
                "{\"m\":{\"versions\":{\"1\":{\"path\":\"a\",\"performance_metrics\":[]}}}}",
                "{\"m\":{\"current_version\":\"9\",\"versions\":{\"1\":{\"path\":\"a\"}}}}",
                "{\"m\":{\"current_version\":{},\"versions\":{\"1\":{\"path\":\"a\"}}}}",
                "{\"m\":{\"aliases\":{\"champion\":\"9\"},\"versions\":{\"1\":{\"path\":\"a\"}}}}",
                "{\"m\":{\"aliases\":{\"1\":\"1\"},\"versions\":{\"1\":{\"path\":\"a\"}}}}",
                "{\"m\":{\"aliases\":{\"latest\":\"1\"},\"versions\":{\"1\":{\"path\":\"a\"}}}}",
                "{\"m\":{\"active\":\"no\",\"versions\":{\"1\":{\"path\":\"a\"}}}}",
                "{\"m\":{\"policy\":{\"latest\":{\"num_versions\":-3}}}}",
                "{\"m\":{\"policy\":{\"specific\":{\"versions\":[]}}}}",
                "{\"../m\":{}}",
                "{\"con\":{}}",
                "{\"m\":{\"versions\":{\"..\":{\"path\":\"a\"}}}}",
                "{\"m\":{\"versions\":{\"latest\":{\"path\":\"a\"}}}}",
                "{\"$generation\":\"two\"}",
                "{\"$generation\":-1}",
                "{\"$generation\":1e3}"
            })
    void contradictionsAndWrongTypes(String json) throws IOException {
        String numbered = json.startsWith("{\"m") || json.startsWith("{\"c") || json.startsWith("{\".")
                ? json.replaceFirst("\\{", "{\"\\$generation\":9,")
                : json;
        Files.writeString(file, numbered);

        requireDamaged();
    }

    @Test
    void largerThanFiftyMegabytes() throws IOException {
        try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
            large.setLength(DocumentFile.MAX_BYTES + 1L);
        }

        requireDamaged();
    }

    @Test
    void fiftyMegabytesThatAreAlmostAllText() throws IOException {
        String text = "x".repeat(DocumentFile.MAX_BYTES - 1000);
        Files.writeString(file, "{\"$generation\": 9, \"$note\": \"" + text + "\"}");

        assertThat(registry.refresh().models()).isEmpty();
    }

    @Test
    void goneThoughThereIsABackup() throws IOException {
        Files.delete(file);

        assertThat(RegistryDirectory.isRegistry(root)).isTrue();
        requireDamaged();
    }

    @Test
    void goneWithAllOfItsDirectory() throws IOException {
        FileTree.delete(root);

        assertThatThrownBy(registry::refresh).hasMessageContaining("generation is 0 after 2, expected 2 or more");
        assertThat(registry.snapshot()).isEqualTo(good);
    }

    @Test
    void anOldOneThatWasPutBack() throws IOException {
        Files.copy(root.resolve("registry.json.bak"), file, StandardCopyOption.REPLACE_EXISTING);

        assertThatThrownBy(registry::refresh)
                .hasMessageContaining("generation is 1 after 2, expected 2 or more")
                .hasMessageContaining("raise its '$generation' above 2, or start anew");
        assertThatThrownBy(() -> registry.activate("m", "1", "rollback")).isInstanceOf(RegistryException.class);
        assertThat(registry.snapshot()).isEqualTo(good);
        assertThat(RegistryDirectory.open(root).snapshot().generation()).isEqualTo(1);
    }

    @Test
    void anOldOneThatWasPutBackWithAHigherNumber() throws IOException {
        Files.writeString(
                file,
                Files.readString(root.resolve("registry.json.bak"))
                        .replace("\"$generation\" : 1", "\"$generation\" : 3"));

        assertThat(registry.refresh().generation()).isEqualTo(3);
        assertThat(registry.snapshot().model("m").orElseThrow().versions()).hasSize(1);
    }

    @Test
    void changedByHandWithoutANumber() throws IOException {
        Files.writeString(
                file, Files.readString(file).replace("\"current_version\" : \"1\"", "\"current_version\" : 2"));

        assertThat(Registries.current(registry.refresh())).isEqualTo("2");
    }

    @Test
    void aNewerSchemaIsReadAndNotWritten() throws IOException {
        String newer = Files.readString(file)
                .replace("\"$schema\" : 2", "\"$schema\" : 3")
                .replace("\"$generation\" : 2", "\"$generation\" : 3");
        Files.writeString(file, newer);

        assertThat(registry.refresh().generation()).isEqualTo(3);
        assertThatThrownBy(() -> registry.activate("m", "2", "activate"))
                .isInstanceOfSatisfying(
                        RegistryException.class, it -> assertThat(it.reason()).isEqualTo(Reason.UNWRITABLE))
                .hasMessageContaining("'$schema' is 3, expected at most 2");
        assertThat(file).hasContent(newer);
    }
}
