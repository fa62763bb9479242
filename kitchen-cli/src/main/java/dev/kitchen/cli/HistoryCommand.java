package dev.kitchen.cli;

import dev.kitchen.registry.AuditEntry;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Shows what was done to a model. */
@Command(
        name = "history",
        description = "Show what was done to a model, oldest first.",
        footer = {"", "Examples:", "  kitchen history fraud"})
final class HistoryCommand implements Callable<Integer> {

    @ParentCommand
    private RootCommand root;

    @Mixin
    private RegistryOptions registry;

    @Mixin
    private OutputOptions output;

    @Parameters(index = "0", paramLabel = "MODEL", description = "The model's name.")
    private String model;

    @Override
    public Integer call() {
        try (OpenRegistry open = registry.open()) {
            List<AuditEntry> entries = open.models().history(model);
            root.print(
                    output.json, entries.stream().map(RegistryReport::json).toList(), RegistryReport.history(entries));
            return ExitCode.OK.code();
        }
    }
}
