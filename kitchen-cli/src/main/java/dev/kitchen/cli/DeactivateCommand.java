package dev.kitchen.cli;

import dev.kitchen.registry.ModelInfo;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Takes a model off the list. */
@Command(
        name = "deactivate",
        description = "Take a whole model off the list: calls find no such endpoint until it is activated again.",
        footer = {"", "Examples:", "  kitchen deactivate fraud"})
final class DeactivateCommand implements Callable<Integer> {

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
            open.models().deactivate(model);
            ModelInfo info = open.models().describe(model);
            root.print(output.json, RegistryReport.json(info), RegistryReport.line(info));
            return ExitCode.OK.code();
        }
    }
}
