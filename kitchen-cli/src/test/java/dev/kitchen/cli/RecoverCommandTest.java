package dev.kitchen.cli;

import static dev.kitchen.cli.CommandLineRun.IRIS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class RecoverCommandTest {

    @TempDir
    private Path directory;

    private Path registry;
    private Path document;

    /** Generation 2, whose backup has version 1 only. */
    @BeforeEach
    void deployTwoVersions() {
        registry = directory.resolve("registry");
        document = registry.resolve("registry.json");
        deploy("1");
        deploy("2");
    }

    private void deploy(String version) {
        CommandLineRun run = CommandLineRun.of("deploy", "iris", IRIS, "--version", version, "--registry", registry);
        assertThat(run.code()).as(run.messages()).isZero();
    }

    private void failed(int code, String message, Object... arguments) {
        CommandLineRun run = CommandLineRun.of(arguments);
        assertThat(run.code()).as(run.messages()).isEqualTo(code);
        assertThat(run.out()).isEmpty();
        assertThat(run.messages()).contains(message).hasLineCount(1);
    }

    @Test
    void goesBackToTheGenerationBefore() throws IOException {
        String damaged = Files.readString(document).substring(0, 100);
        Files.writeString(document, damaged);
        failed(1, "holds generation 1: 'kitchen recover " + registry + "'", "list", "--registry", registry);

        JsonNode report = CommandLineRun.of("recover", registry, "--json").json();

        assertThat(report.at("/document/generation").asInt()).isEqualTo(2);
        assertThat(report.at("/document/problem").asString()).contains("registry.json");
        assertThat(report.at("/backup/generation").asInt()).isEqualTo(1);
        assertThat(report.at("/backup/problem").isNull()).isTrue();
        assertThat(report.get("generation").asInt()).isEqualTo(3);
        assertThat(Path.of(report.get("kept").asString())).hasContent(damaged);
        assertThat(CommandLineRun.of("list", "--registry", registry).out()).containsPattern("iris +1 +1 ");
    }

    @Test
    void showsWhatThereIsAndChangesNothingInADryRun() throws IOException {
        Files.writeString(document, "{");

        CommandLineRun run = CommandLineRun.of("recover", registry, "--dry-run");

        assertThat(run.code()).as(run.messages()).isZero();
        assertThat(run.out())
                .containsPattern("document +generation unknown, .*registry.json")
                .containsPattern("backup +generation 1, sound");
        assertThat(document).hasContent("{");
    }

    @Test
    void isRefusedWhereThereIsNothingToRecoverOrNothingToGoBackTo() throws IOException {
        failed(1, "is not damaged", "recover", registry);
        Files.writeString(document, "{");
        Files.delete(registry.resolve("registry.json.bak"));
        failed(1, "registry.json.bak: is missing", "recover", registry);
        failed(3, "no such directory", "recover", directory.resolve("none"));
    }
}
