package dev.kitchen.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.RegistryException;
import dev.kitchen.error.RegistryException.Reason;
import dev.kitchen.registry.DeployRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that takes nothing leaves everything as it was, and readable. */
class FullDiskTest {

    @TempDir
    Path directory;

    private static void requireUnwritable(Path root, ThrowingCallable operation) {
        assertThatThrownBy(operation)
                .isInstanceOfSatisfying(
                        RegistryException.class, it -> assertThat(it.reason()).isEqualTo(Reason.UNWRITABLE))
                .hasMessageContaining(root.toString());
    }

    @Test
    void aFullOneChangesNothing() throws Exception {
        Path root = Files.createDirectories(directory.resolve("disk"));
        try (SmallDisk disk = SmallDisk.at(root, "256k")) {
            RegistryDirectory registry = Registries.withTwoVersions(root, directory);
            Path filler = root.resolve("filler");
            String document = Files.readString(root.resolve("registry.json"));
            fill(filler);

            requireUnwritable(root, () -> registry.activate("m", "2", "rollback"));
            requireUnwritable(
                    root,
                    () -> registry.stage(DeployRequest.of("m", Registries.model(directory, "three"))
                            .build()));

            assertThat(root.resolve("registry.json")).hasContent(document);
            assertThat(RegistryDirectory.open(root).snapshot())
                    .hasToString(registry.refresh().toString());
            try (Stream<Path> files = Files.list(root)) {
                assertThat(files).noneMatch(it -> it.toString().endsWith(".tmp"));
            }
            Files.delete(filler);
            assertThat(registry.activate("m", "2", "rollback").generation()).isEqualTo(3);
            assertThat(disk).isNotNull();
        }
    }

    private static void fill(Path file) {
        try (OutputStream out = Files.newOutputStream(file)) {
            while (true) {
                out.write(new byte[512]);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("space");
        }
    }

    @Test
    void aReadOnlyOneIsReadAndChangesNothing() throws Exception {
        Path root = Files.createDirectories(directory.resolve("disk"));
        try (SmallDisk disk = SmallDisk.at(root, "256k")) {
            RegistryDirectory registry = Registries.withTwoVersions(root, directory);
            disk.makeReadOnly();

            requireUnwritable(root, () -> registry.activate("m", "2", "activate"));
            requireUnwritable(
                    root,
                    () -> registry.stage(DeployRequest.of("m", Registries.model(directory, "three"))
                            .build()));

            RegistryDirectory reader = RegistryDirectory.open(root);
            assertThat(reader.snapshot()).hasToString(registry.refresh().toString());
            assertThat(reader.verify(reader.snapshot()
                            .model("m")
                            .orElseThrow()
                            .version("1")
                            .orElseThrow()))
                    .isEmpty();
            assertThat(reader.history("m")).hasSize(3);
        }
    }
}
