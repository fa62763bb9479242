package dev.kitchen.cli;

import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code kitchen}, and what all its commands share. */
@Command(
        name = "kitchen",
        description = "Looks at machine-learning models, runs them, deploys them and rolls them back.",
        versionProvider = BuildVersion.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DoctorCommand.class,
            InspectCommand.class,
            PredictCommand.class,
            BenchCommand.class,
            DeployCommand.class,
            ActivateCommand.class,
            DeactivateCommand.class,
            RollbackCommand.class,
            AliasCommand.class,
            PolicyCommand.class,
            RetireCommand.class,
            DeleteCommand.class,
            ListCommand.class,
            DescribeCommand.class,
            HistoryCommand.class,
            VerifyCommand.class,
            RecoverCommand.class,
            CompletionCommand.class
        },
        footer = {
            "",
            "Exit codes: 0 done; 1 refused or failed; 2 wrong command line; 3 no such file, model, version or endpoint;",
            "4 wrong data; 5 try again later; 70 a defect of this program.",
            "Results go to standard output, all else to standard error.",
            "",
            "Examples:",
            "  kitchen doctor",
            "  kitchen predict iris.onnx flowers.csv > answers.csv",
            "  kitchen COMMAND --help"
        })
final class RootCommand implements Callable<Integer>, CommandOutput {

    private static final int HELP_WIDTH = 110;

    private final Terminal terminal;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help.")
    boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version.")
    boolean version;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private boolean verbose;

    RootCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    static CommandLine commandLine(Terminal terminal, Failures failures) {
        Ansi ansi = terminal.outIsTerminal() && System.getenv("NO_COLOR") == null ? Ansi.ON : Ansi.OFF;
        return new CommandLine(new RootCommand(terminal))
                .setOut(new PrintWriter(new OutputStreamWriter(terminal.out(), StandardCharsets.UTF_8), true))
                .setErr(terminal.messages())
                .setColorScheme(Help.defaultColorScheme(ansi))
                .setUsageHelpWidth(HELP_WIDTH)
                .setExpandAtFiles(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(Duration.class, Durations::parse)
                .setExecutionExceptionHandler(failures)
                .setParameterExceptionHandler(failures);
    }

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Log more to standard error, and print stack traces.")
    void verbose(boolean asked) {
        verbose = asked;
        if (asked) {
            System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "info");
        }
    }

    @Override
    public boolean isVerbose() {
        return verbose;
    }

    @Override
    public Terminal terminal() {
        return terminal;
    }

    @Override
    public void print(boolean asJson, Object json, Object text) {
        terminal.print(asJson ? JsonText.pretty(json) : text.toString());
    }

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(),
                "no command, expected one of " + spec.subcommands().keySet());
    }
}
