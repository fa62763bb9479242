package dev.kitchen.onnx.natives;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StaleDirectoriesTest {

    private static final Instant NOW = Instant.parse("2026-11-24T00:00:00Z");

    @TempDir
    private Path directory;

    @Test
    void sweepsADirectoryWhoseLockNobodyHoldsWithAllItsFiles() throws Exception {
        Path dead = dead("12-34-a");
        Files.writeString(dead.resolve("libonnxruntime.so.part"), "half");

        assertThat(StaleDirectories.sweep(directory, "1-1")).isEqualTo(1);
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void leavesTheDirectoriesOfItsOwnProcessAlone() throws Exception {
        Path own = dead("1-1-a");
        dead("1-12-b");

        assertThat(StaleDirectories.sweep(directory, "1-1")).isEqualTo(1);
        assertThat(own).isDirectory();
    }

    @Test
    void leavesADirectoryWithALockThatIsHeldAlone() throws Exception {
        NativeDirectory held = NativeDirectory.createIn(directory);

        assertThat(StaleDirectories.sweep(directory, "1-1")).isZero();
        assertThat(held.path()).isDirectory();
    }

    @Test
    void leavesADirectoryWithoutALockFileAlone() throws Exception {
        Path unlocked = Files.createDirectory(directory.resolve("12-34-a"));

        assertThat(StaleDirectories.sweep(directory, "1-1")).isZero();
        assertThat(unlocked).isDirectory();
    }

    @Test
    void doesNotFollowALinkInThePlaceOfADirectory() throws Exception {
        Path precious = Files.createDirectory(directory.resolve("precious"));
        Path file = Files.createFile(precious.resolve("file"));
        Path running = Files.createDirectory(directory.resolve("running"));
        Files.createFile(running.resolve("12-34-a.lock"));
        Files.createSymbolicLink(running.resolve("12-34-a"), precious);

        StaleDirectories.sweep(running, "1-1");

        assertThat(file).exists();
    }

    @Test
    void sweepsOnlyOldAndEmptyDirectoriesOfOnnxRuntime() throws Exception {
        Path old = temporary("onnxruntime-java1", Duration.ofHours(25));
        Path young = temporary("onnxruntime-java2", Duration.ofHours(23));
        Path full = temporary("onnxruntime-java3", Duration.ofHours(25));
        Files.createFile(full.resolve("libonnxruntime.so"));
        age(full, Duration.ofHours(25));
        Path other = temporary("other", Duration.ofHours(25));

        assertThat(StaleDirectories.sweepEmptyOnes(directory, directory, NOW)).isEqualTo(1);
        assertThat(old).doesNotExist();
        assertThat(young).isDirectory();
        assertThat(full).isDirectory();
        assertThat(other).isDirectory();
    }

    @Test
    void aMissingDirectoryIsNoTrouble() {
        assertThat(StaleDirectories.sweep(directory.resolve("missing"), "1-1")).isZero();
        assertThat(StaleDirectories.sweepEmptyOnes(directory.resolve("missing"), directory, NOW))
                .isZero();
    }

    private Path dead(String name) throws IOException {
        Files.createFile(directory.resolve(name + ".lock"));
        return Files.createDirectory(directory.resolve(name));
    }

    private Path temporary(String name, Duration age) throws IOException {
        Path created = Files.createDirectory(directory.resolve(name));
        age(created, age);
        return created;
    }

    private static void age(Path path, Duration age) throws IOException {
        Files.setLastModifiedTime(path, FileTime.from(NOW.minus(age)));
    }
}
