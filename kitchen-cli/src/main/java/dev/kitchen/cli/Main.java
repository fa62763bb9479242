package dev.kitchen.cli;

/** Where {@code java -jar kitchen.jar} begins. */
final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(run(Terminal.system(), arguments));
    }

    /** Runs one command; returns the process's exit code. */
    static int run(Terminal terminal, String... arguments) {
        Failures failures = new Failures(terminal);
        int code = ExitCode.OK.code();
        try {
            code = RootCommand.commandLine(terminal, failures).execute(arguments);
            // What was found before a failure is a result too.
            terminal.flush();
            return code;
        } catch (RuntimeException | Error e) {
            return code == ExitCode.OK.code() ? failures.report(e, false) : code;
        }
    }
}
