package dev.kitchen.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How results are printed. */
@Command
final class OutputOptions {

    @Option(names = "--json", description = "Print JSON instead of text.")
    boolean json;
}
