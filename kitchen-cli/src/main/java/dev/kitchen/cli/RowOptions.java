package dev.kitchen.cli;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How a file of rows is read. */
@Command
final class RowOptions {

    @Option(
            names = {"-d", "--delimiter"},
            paramLabel = "CHAR",
            description = "What stands between cells: a comma, or a tab in files named .tsv; 'tab' for a tab.")
    private Optional<String> delimiter;

    @Option(names = "--no-header", description = "The first line is a row; columns are in the model's order.")
    private boolean noHeader;

    @Option(
            names = {"-k", "--keep"},
            paramLabel = "COLUMN",
            split = ",",
            description = "Columns to copy into the answer, such as an id.")
    private List<String> keep = List.of();

    @Option(
            names = "--batch",
            paramLabel = "ROWS",
            defaultValue = "256",
            description = "Rows in one run of the model, at most. If unset, ${DEFAULT-VALUE}.")
    private int batch;

    @Option(names = "--empty-as-nan", description = "Take an empty cell for a number that is missing: NaN.")
    private boolean emptyAsNan;

    @Option(
            names = "--skip-bad-rows",
            description = "Leave out rows that are wrong instead of stopping at the first. Exit code 4 nevertheless.")
    private boolean skipBadRows;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    RowSettings settings(String fileName) {
        require(batch >= 1, "--batch is " + batch + ", expected 1 or more");
        require(!noHeader || keep.isEmpty(), "--keep names columns, which --no-header says there are no names for");
        return new RowSettings(character(fileName), !noHeader, keep, batch, emptyAsNan, skipBadRows);
    }

    private char character(String fileName) {
        String text = delimiter
                .map(it -> it.equals("tab") || it.equals("\\t") ? "\t" : it)
                .orElse(fileName.toLowerCase(Locale.ROOT).endsWith(".tsv") ? "\t" : ",");
        require(
                text.length() == 1 && "\"\r\n".indexOf(text.charAt(0)) < 0,
                "--delimiter is '" + text + "', expected one character");
        return text.charAt(0);
    }

    private void require(boolean condition, String problem) {
        if (!condition) {
            throw new ParameterException(command.commandLine(), problem);
        }
    }
}
