package dev.kitchen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class RootCommandTest {

    private static final Path GUIDE = Path.of(System.getProperty("kitchen.root"), "docs", "cli.md");

    @Test
    void withoutACommandSaysWhichThereAre() {
        CommandLineRun run = CommandLineRun.of();

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.messages()).contains("no command, expected one of [doctor, inspect,", "Try 'kitchen --help'");
    }

    @Test
    void guessesWhatAMistypedCommandWasToBe() {
        CommandLineRun run = CommandLineRun.of("inspekt", "x.onnx");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.messages()).contains("inspekt").contains("Did you mean: kitchen inspect");
    }

    @Test
    void helpOfEveryCommandHasExamplesAndGoesToTheResults() {
        for (String command : commands()) {
            CommandLineRun run = CommandLineRun.of(command, "--help");

            assertThat(run.code()).as(command).isZero();
            assertThat(run.messages()).as(command).isEmpty();
            assertThat(run.out())
                    .as(command)
                    .startsWith("Usage: kitchen " + command)
                    .contains("Examples:", "kitchen")
                    .doesNotContain("\u001b", "${");
        }
    }

    @Test
    void helpIsColouredInFrontOfAPersonOnly() {
        assertThat(CommandLineRun.inFrontOfAPerson("--help").out()).contains("\u001b[");
        assertThat(CommandLineRun.of("--help").out()).doesNotContain("\u001b");
    }

    @Test
    void commandsThatPrintDataPrintJsonToo() {
        Set<String> withoutData = Set.of("completion");

        commands().stream()
                .filter(it -> !withoutData.contains(it))
                .forEach(it ->
                        assertThat(CommandLineRun.of(it, "--help").out()).as(it).contains("--json"));
    }

    @Test
    void theGuideNamesEveryCommandOptionAndExitCode() throws IOException {
        String guide = Files.readString(GUIDE);
        CommandLine root = commandLine();

        for (String command : commands()) {
            assertThat(guide).contains("`" + command);
            root.getSubcommands().get(command).getCommandSpec().options().stream()
                    .map(CommandLine.Model.OptionSpec::longestName)
                    .forEach(it -> assertThat(guide).as("option of " + command).contains(it));
        }
        for (ExitCode code : ExitCode.values()) {
            assertThat(guide).contains("| " + code.code() + " |");
        }
    }

    @Test
    void versionNamesKitchenAndJava() {
        assertThat(CommandLineRun.of("--version").out()).contains("kitchen ", "Java " + Runtime.version());
    }

    @Test
    void completionKnowsCommandsAndOptions() {
        CommandLineRun run = CommandLineRun.of("completion");

        assertThat(run.code()).isZero();
        assertThat(run.out()).startsWith("#!/usr/bin/env bash").contains("complete -F", "--skip-bad-rows", "rollback");
    }

    @Test
    void doctorSaysWhetherModelsRunHere() {
        CommandLineRun text = CommandLineRun.of("doctor");
        CommandLineRun json = CommandLineRun.of("doctor", "--json");

        assertThat(text.code()).isZero();
        assertThat(text.out()).contains("onnxruntime-version: ", "Models will run here.");
        assertThat(json.json().get("ready").asBoolean()).isTrue();
        assertThat(json.json().get("findings").valueStream())
                .anyMatch(it -> it.get("code").asString().equals("onnxruntime-version"));
    }

    @Test
    void printsAStackTraceOnlyWhereAskedTo(@TempDir Path directory) throws IOException {
        Path broken = Files.writeString(directory.resolve("broken.onnx"), "no model");

        assertThat(CommandLineRun.of("inspect", broken).messages()).hasLineCount(1);
        assertThat(CommandLineRun.of("inspect", broken, "--verbose").messages()).contains("\tat dev.kitchen.");
    }

    private static List<String> commands() {
        return List.copyOf(commandLine().getSubcommands().keySet());
    }

    private static CommandLine commandLine() {
        Terminal terminal = new Terminal(
                InputStream.nullInputStream(),
                OutputStream.nullOutputStream(),
                OutputStream.nullOutputStream(),
                false,
                false);
        return RootCommand.commandLine(terminal, new Failures(terminal));
    }
}
