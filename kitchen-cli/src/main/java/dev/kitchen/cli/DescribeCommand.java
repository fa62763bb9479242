package dev.kitchen.cli;

import dev.kitchen.registry.ModelInfo;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Shows a model and its versions. */
@Command(
        name = "describe",
        description = "Show a model and all its versions.",
        footer = {
            "",
            "Examples:",
            "  kitchen describe fraud",
            "  kitchen describe fraud --json | jq -r .current_version"
        })
final class DescribeCommand implements Callable<Integer> {

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
            ModelInfo info = open.models().describe(model);
            root.print(output.json, RegistryReport.json(info), RegistryReport.text(info));
            return ExitCode.OK.code();
        }
    }
}
