package dev.kitchen.cli;

import dev.kitchen.error.ModelNotFoundException;
import dev.kitchen.store.DocumentRecovery;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Goes back from a damaged registry.json to its backup. */
@Command(
        name = "recover",
        description = {
            "Put registry.json.bak in the place of a damaged registry.json, which is kept beside it.",
            "Refused while registry.json is sound. What the damaged one had changed is lost."
        },
        footer = {"", "Examples:", "  kitchen recover models --dry-run", "  kitchen recover models"})
final class RecoverCommand implements Callable<Integer> {

    @ParentCommand
    private CommandOutput root;

    @Mixin
    private OutputOptions output;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "DIR",
            defaultValue = "${env:KITCHEN_REGISTRY:-models}",
            description = "The directory of the registry. If unset, what KITCHEN_REGISTRY says, or 'models'.")
    private Path directory;

    @Option(names = "--dry-run", description = "Only show what is wrong, and what there is to go back to.")
    private boolean dryRun;

    @Override
    public Integer call() {
        if (!Files.isDirectory(directory)) {
            throw new ModelNotFoundException("registry " + directory + ": no such directory");
        }
        DocumentRecovery recovery = DocumentRecovery.in(directory);
        Side document = new Side(recovery.generation(), recovery.problem());
        Side before = new Side(recovery.generationOfBackup(), recovery.problemOfBackup());
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("document", document.json());
        report.put("backup", before.json());
        Table table = Table.withoutHeadings().row("document", document.words()).row("backup", before.words());
        if (!dryRun) {
            Optional<String> kept = recovery.restore().map(Path::toString);
            String generation = number(recovery.generation());
            report.put("generation", new JsonText.Raw(generation));
            report.put("kept", kept);
            table.row("recovered", "generation " + generation);
            kept.ifPresent(it -> table.row("kept", it));
        }
        root.print(output.json, report, table);
        return ExitCode.OK.code();
    }

    private static String number(OptionalLong generation) {
        return generation.isPresent() ? Long.toString(generation.getAsLong()) : "null";
    }

    /** The document or its backup. */
    private record Side(OptionalLong generation, Optional<String> problem) {

        Map<String, Object> json() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("generation", new JsonText.Raw(number(generation)));
            json.put("problem", problem);
            return json;
        }

        String words() {
            return (generation.isPresent() ? "generation " + generation.getAsLong() : "generation unknown") + ", "
                    + problem.orElse("sound");
        }
    }
}
