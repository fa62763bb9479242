package dev.kitchen.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Prints what makes a shell complete this program's commands and options. */
@Command(
        name = "completion",
        description = "Print a completion script for bash and zsh. It completes the command 'kitchen'.",
        footer = {
            "",
            "Examples:",
            "  alias kitchen='java -jar /opt/kitchen.jar'",
            "  source <(kitchen completion)",
        })
final class CompletionCommand implements Callable<Integer> {

    /** As picocli writes it, a model that is called 't' passes for a part of '--tag', and no file is completed. */
    private static final String PART_OF_OPTION = "\" =~ ${previousWord} ]]";

    private static final String IS_OPTION = "\" == *\"'${previousWord}'\"* ]]";

    @ParentCommand
    private CommandOutput root;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        String script = AutoComplete.bash("kitchen", spec.root().commandLine());
        root.terminal().print(script.replace(PART_OF_OPTION, IS_OPTION));
        return ExitCode.OK.code();
    }
}
