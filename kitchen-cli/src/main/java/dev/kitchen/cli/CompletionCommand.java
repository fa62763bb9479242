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

    @ParentCommand
    private RootCommand root;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        root.terminal().print(AutoComplete.bash("kitchen", spec.root().commandLine()));
        return ExitCode.OK.code();
    }
}
