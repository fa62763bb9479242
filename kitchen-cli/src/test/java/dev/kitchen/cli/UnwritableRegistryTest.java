package dev.kitchen.cli;

import static dev.kitchen.cli.CommandLineRun.IRIS;
import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A command that changed nothing for anybody says so, and does not end with 0. */
class UnwritableRegistryTest {

    @TempDir
    private Path directory;

    @Test
    void aRollBackOnAReadOnlyDiskFails() throws IOException {
        try (MountedDisk disk = MountedDisk.at(directory, "4m")) {
            deployTwice();
            disk.makeReadOnly();

            assertNothingIsRolledBack();
        }
    }

    @Test
    void aRollBackOnAFullDiskFails() throws IOException {
        try (MountedDisk disk = MountedDisk.at(directory, "4m")) {
            deployTwice();
            disk.fill();

            assertNothingIsRolledBack();
        }
    }

    @Test
    void aRegistryMayBeNamedRelatively() throws IOException {
        Path relative = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "models");
        try {
            Files.copy(IRIS, relative.resolve("iris.onnx"));

            for (List<Object> command : List.<List<Object>>of(
                    List.of("deploy", "iris", IRIS, "--version", "b", "--tag", "of=b", "--activate"),
                    List.of("rollback", "iris"),
                    List.of("alias", "iris", "best", "b"),
                    List.of("activate", "iris", "best"),
                    List.of("verify"))) {
                CommandLineRun run = on(relative, command.toArray());
                assertThat(run.code()).as("%s: %s", command, run.messages()).isZero();
            }
            assertThat(on(relative, "list").out()).containsPattern("iris +(b|1) +");
        } finally {
            try (Stream<Path> files = Files.walk(relative)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private void deployTwice() throws IOException {
        Path second = TestModels.identity(Files.createTempDirectory("models"), DataType.FLOAT, "n", 4);
        assertThat(on(directory, "deploy", "iris", IRIS).code()).isZero();
        assertThat(on(directory, "deploy", "iris", second, "--activate", "--force")
                        .code())
                .isZero();
        assertThat(current()).isEqualTo("2");
    }

    private void assertNothingIsRolledBack() {
        for (Object[] command : List.of(new Object[] {"rollback", "iris"}, new Object[] {"rollback", "iris", "1"})) {
            CommandLineRun run = on(directory, command);
            assertThat(run.code()).as(run.messages()).isNotZero();
            assertThat(run.out()).isEmpty();
            assertThat(run.messages()).contains("registry.json");
        }
        assertThat(current()).isEqualTo("2");
    }

    private String current() {
        return on(directory, "describe", "iris", "--json")
                .json()
                .get("current_version")
                .asString();
    }

    private static CommandLineRun on(Path registry, Object... arguments) {
        return CommandLineRun.of(Stream.concat(Stream.of(arguments), Stream.of("--registry", registry))
                .toArray());
    }
}
