package dev.kitchen.cli;

import dev.kitchen.registry.AuditEntry;
import java.util.List;
import picocli.CommandLine.Command;

/** Shows what was done to a model. */
@Command(
        name = "history",
        description = "Show what was done to a model, oldest first.",
        footer = {"", "Examples:", "  kitchen history fraud"})
final class HistoryCommand extends ModelCommand {

    @Override
    void run(OpenRegistry open, String name) {
        List<AuditEntry> entries = open.models().history(name);
        print(entries.stream().map(RegistryReport::json).toList(), RegistryReport.history(entries));
    }
}
