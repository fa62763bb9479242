package dev.kitchen.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes CSV as RFC 4180 has it, with the line ends of Unix. */
final class CsvWriter {

    private final OutputStream out;
    private final char delimiter;

    CsvWriter(OutputStream out, char delimiter) {
        this.out = out;
        this.delimiter = delimiter;
    }

    void write(List<?> cells) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            line.append(i == 0 ? "" : delimiter).append(quoted(String.valueOf(cells.get(i))));
        }
        // An empty line would not be a row, so a single empty cell is quoted.
        line.append(line.isEmpty() ? "\"\"\n" : "\n");
        out.write(line.toString().getBytes(StandardCharsets.UTF_8));
    }

    private String quoted(String cell) {
        boolean plain = cell.chars().noneMatch(it -> it == delimiter || it == '"' || it == '\n' || it == '\r');
        return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
    }
}
