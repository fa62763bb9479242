package dev.kitchen.cli;

import dev.kitchen.registry.ModelInfo;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Makes a version the current one, or offers a model again. */
@Command(
        name = "activate",
        description = "Make a version the current one; without a version, offer a model again that was deactivated.",
        footer = {
            "",
            "Examples:",
            "  kitchen activate fraud 3",
            "  kitchen activate fraud challenger",
            "  kitchen activate fraud"
        })
final class ActivateCommand implements Callable<Integer> {

    @ParentCommand
    private RootCommand root;

    @Mixin
    private RegistryOptions registry;

    @Mixin
    private OutputOptions output;

    @Parameters(index = "0", paramLabel = "MODEL", description = "The model's name.")
    private String model;

    @Parameters(index = "1", paramLabel = "VERSION", arity = "0..1", description = "A version, or an alias.")
    private Optional<String> version;

    @Override
    public Integer call() {
        try (OpenRegistry open = registry.open()) {
            version.ifPresentOrElse(
                    it -> open.models().activate(model, it), () -> open.models().activate(model));
            ModelInfo info = open.models().describe(model);
            root.print(output.json, RegistryReport.json(info), RegistryReport.line(info));
            return ExitCode.OK.code();
        }
    }
}
