package dev.kitchen.cli;

import dev.kitchen.registry.ModelInfo;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** A command about one model of a registry: it opens the registry, does its part, and prints what came of it. */
@Command
abstract class ModelCommand implements Callable<Integer> {

    @ParentCommand
    private CommandOutput root;

    @Mixin
    private RegistryOptions registry;

    @Mixin
    private OutputOptions output;

    @Parameters(index = "0", paramLabel = "MODEL", description = "The model's name.")
    private String model;

    @Spec
    private CommandSpec spec;

    @Override
    public final Integer call() {
        check();
        try (OpenRegistry open = registry.open()) {
            run(open, model);
            return ExitCode.OK.code();
        }
    }

    /** Refuses a command line that is wrong, before anything is opened. */
    void check() {}

    abstract void run(OpenRegistry open, String name);

    /** Prints a result: as text, or as JSON where that was asked for. */
    final void print(Object json, Object text) {
        root.print(output.json, json, text);
    }

    /** Prints how the model stands now. */
    final void printState(OpenRegistry open) {
        ModelInfo info = open.models().describe(model);
        print(RegistryReport.json(info), RegistryReport.line(info));
    }

    final void require(boolean condition, String problem) {
        if (!condition) {
            throw new ParameterException(spec.commandLine(), problem);
        }
    }
}
