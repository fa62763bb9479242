package dev.kitchen.cli;

import dev.kitchen.registry.ModelInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Reads all files of models again and compares their hashes. */
@Command(
        name = "verify",
        description =
                "Read all files of the models again and compare their hashes with those of when they were deployed."
                        + " Exit code 1 if something changed.",
        footer = {"", "Examples:", "  kitchen verify", "  kitchen verify fraud --json"})
final class VerifyCommand implements Callable<Integer> {

    @ParentCommand
    private CommandOutput root;

    @Mixin
    private RegistryOptions registry;

    @Mixin
    private OutputOptions output;

    @Parameters(arity = "0..*", paramLabel = "MODEL", description = "The models' names. If unset, all.")
    private List<String> models = List.of();

    @Override
    public Integer call() {
        Map<String, List<String>> problems = new LinkedHashMap<>();
        try (OpenRegistry open = registry.open()) {
            List<String> names = models.isEmpty()
                    ? open.models().list().stream().map(ModelInfo::name).toList()
                    : models;
            names.forEach(it -> problems.put(it, open.models().verify(it)));
        }
        root.print(output.json, problems, text(problems));
        boolean sound = problems.values().stream().allMatch(List::isEmpty);
        return (sound ? ExitCode.OK : ExitCode.FAILED).code();
    }

    private static Table text(Map<String, List<String>> problems) {
        Table table = Table.withoutHeadings();
        problems.forEach((model, found) -> {
            if (found.isEmpty()) {
                table.row(model, "as deployed");
            }
            found.forEach(it -> table.row(model, it));
        });
        return table;
    }
}
