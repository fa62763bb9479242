package dev.kitchen.cli;

import dev.kitchen.error.KitchenException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in one line what went wrong; with its stack trace where somebody asked for that. */
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {

    private final PrintWriter messages;

    Failures(Terminal terminal) {
        this.messages = terminal.messages();
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine command, ParseResult arguments) {
        CommandOutput root = command.getCommandSpec().root().userObject() instanceof CommandOutput it ? it : null;
        return report(e, root != null && root.isVerbose());
    }

    @Override
    public int handleParseException(ParameterException e, String[] arguments) {
        messages.println("kitchen: " + Texts.oneLine(Objects.requireNonNullElse(e.getMessage(), "wrong arguments")));
        UnmatchedArgumentException.printSuggestions(e, messages);
        messages.println("Try '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
        messages.flush();
        return ExitCode.USAGE.code();
    }

    int report(Throwable e, boolean withStackTrace) {
        ExitCode code = ExitCode.of(e);
        messages.println("kitchen: " + Texts.oneLine(words(e, code)));
        if (withStackTrace) {
            e.printStackTrace(messages);
        }
        messages.flush();
        return code.code();
    }

    private static String words(Throwable e, ExitCode code) {
        if (e instanceof KitchenException || e instanceof UncheckedIOException) {
            return Objects.requireNonNullElse(e.getMessage(), e.toString());
        } else if (e instanceof NoSuchFileException missing) {
            return missing.getFile() + ": no such file";
        } else if (e instanceof AccessDeniedException denied) {
            return denied.getFile() + ": may not be read or written";
        } else if (e instanceof FileSystemException || e instanceof IOException) {
            return Objects.requireNonNullElse(e.getMessage(), e.toString());
        }
        return code == ExitCode.INTERNAL ? "a defect of this program: " + e + " (--verbose tells where)" : e.toString();
    }
}
