package dev.kitchen.cli;

import dev.kitchen.registry.ModelInfo;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Removes a version and its files. */
@Command(
        name = "delete",
        description = "Remove a version and its files. Refused while it is current, has an alias, or answers a call.",
        footer = {"", "Examples:", "  kitchen delete fraud 1"})
final class DeleteCommand implements Callable<Integer> {

    @ParentCommand
    private RootCommand root;

    @Mixin
    private RegistryOptions registry;

    @Mixin
    private OutputOptions output;

    @Parameters(index = "0", paramLabel = "MODEL", description = "The model's name.")
    private String model;

    @Parameters(index = "1", paramLabel = "VERSION", description = "A version, or an alias.")
    private String version;

    @Override
    public Integer call() {
        try (OpenRegistry open = registry.open()) {
            open.models().delete(model, version);
            ModelInfo info = open.models().describe(model);
            root.print(output.json, RegistryReport.json(info), RegistryReport.line(info));
            return ExitCode.OK.code();
        }
    }
}
