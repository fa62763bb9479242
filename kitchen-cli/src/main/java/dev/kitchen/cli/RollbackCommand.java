package dev.kitchen.cli;

import dev.kitchen.registry.VersionInfo;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Makes the version before current again. */
@Command(
        name = "rollback",
        description = "Make the version current again that was so before, or the one that is named.",
        footer = {"", "Examples:", "  kitchen rollback fraud", "  kitchen rollback fraud 2"})
final class RollbackCommand extends ModelCommand {

    @Parameters(index = "1", paramLabel = "VERSION", arity = "0..1", description = "A version, or an alias.")
    private Optional<String> version;

    @Override
    void run(OpenRegistry open, String name) {
        VersionInfo current = version.isPresent()
                ? open.models().rollback(name, version.get())
                : open.models().rollback(name);
        open.requireWritten();
        print(RegistryReport.json(current), RegistryReport.line(current));
    }
}
