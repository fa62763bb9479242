package dev.kitchen.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Removes a version and its files. */
@Command(
        name = "delete",
        description = "Remove a version and its files. Refused while it is current, has an alias, or answers a call.",
        footer = {"", "Examples:", "  kitchen delete fraud 1"})
final class DeleteCommand extends ModelCommand {

    @Parameters(index = "1", paramLabel = "VERSION", description = "A version, or an alias.")
    private String version;

    @Override
    void run(OpenRegistry open, String name) {
        open.models().delete(name, version);
        printState(open);
    }
}
