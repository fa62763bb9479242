package dev.kitchen.cli;

/** Where a command reads and writes, and how much it says. The root command is one for all its subcommands. */
interface CommandOutput {

    /** Returns whether stack traces are printed, too. */
    boolean isVerbose();

    /** Returns standard input and output. */
    Terminal terminal();

    /** Prints a result: as text, or as JSON where that was asked for. */
    void print(boolean asJson, Object json, Object text);
}
