package dev.kitchen.cli;

import dev.kitchen.registry.ModelInfo;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** Lists the models. */
@Command(
        name = "list",
        description = "List the models of a registry.",
        footer = {"", "Examples:", "  kitchen list", "  kitchen list --json | jq -r '.[].model'"})
final class ListCommand implements Callable<Integer> {

    @ParentCommand
    private CommandOutput root;

    @Mixin
    private RegistryOptions registry;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        try (OpenRegistry open = registry.open()) {
            List<ModelInfo> models = open.models().list();
            root.print(output.json, models.stream().map(RegistryReport::json).toList(), RegistryReport.text(models));
            return ExitCode.OK.code();
        }
    }
}
