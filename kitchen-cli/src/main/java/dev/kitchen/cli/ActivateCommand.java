package dev.kitchen.cli;

import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

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
final class ActivateCommand extends ModelCommand {

    @Parameters(index = "1", paramLabel = "VERSION", arity = "0..1", description = "A version, or an alias.")
    private Optional<String> version;

    @Override
    void run(OpenRegistry open, String name) {
        version.ifPresentOrElse(
                it -> open.models().activate(name, it), () -> open.models().activate(name));
        printState(open);
    }
}
