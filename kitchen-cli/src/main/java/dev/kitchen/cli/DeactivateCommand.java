package dev.kitchen.cli;

import picocli.CommandLine.Command;

/** Takes a model off the list. */
@Command(
        name = "deactivate",
        description = "Take a whole model off the list: calls find no such endpoint until it is activated again.",
        footer = {"", "Examples:", "  kitchen deactivate fraud"})
final class DeactivateCommand extends ModelCommand {

    @Override
    void run(OpenRegistry open, String name) {
        open.models().deactivate(name);
        printState(open);
    }
}
