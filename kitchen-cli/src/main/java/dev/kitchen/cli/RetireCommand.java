package dev.kitchen.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Keeps a version, but loads it no more. */
@Command(
        name = "retire",
        description = "Keep a version, but load it no more. Refused for one that is current or has an alias.",
        footer = {"", "Examples:", "  kitchen retire fraud 1"})
final class RetireCommand extends ModelCommand {

    @Parameters(index = "1", paramLabel = "VERSION", description = "A version, or an alias.")
    private String version;

    @Override
    void run(OpenRegistry open, String name) {
        open.models().retire(name, version);
        printState(open);
    }
}
