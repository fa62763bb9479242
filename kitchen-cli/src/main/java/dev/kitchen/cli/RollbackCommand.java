package dev.kitchen.cli;

import dev.kitchen.registry.VersionInfo;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Makes the version before current again. */
@Command(
        name = "rollback",
        description = "Make the version current again that was so before, or the one that is named.",
        footer = {"", "Examples:", "  kitchen rollback fraud", "  kitchen rollback fraud 2"})
final class RollbackCommand implements Callable<Integer> {

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
            VersionInfo current = version.isPresent()
                    ? open.models().rollback(model, version.get())
                    : open.models().rollback(model);
            root.print(output.json, RegistryReport.json(current), RegistryReport.line(current));
            return ExitCode.OK.code();
        }
    }
}
