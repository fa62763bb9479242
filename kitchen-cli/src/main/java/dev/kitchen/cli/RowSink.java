package dev.kitchen.cli;

import dev.kitchen.error.InferenceException;
import dev.kitchen.tensor.NamedValues;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Where the answers to rows go. */
sealed interface RowSink {

    /**
     * Takes the answers to some rows.
     *
     * @param outputs of all of them together
     */
    void write(List<CsvRecord> rows, String version, NamedValues outputs) throws IOException;

    private static List<OutputRows> apart(List<CsvRecord> rows, NamedValues outputs) {
        return IntStream.range(0, outputs.size())
                .mapToObj(it -> OutputRows.of(outputs.name(it), outputs.value(it), rows.size()))
                .toList();
    }

    /** CSV, one line a row, with a header made of the first answer. */
    final class Csv implements RowSink {

        private final CsvWriter csv;
        private final RowLayout layout;
        private List<String> header = List.of();

        Csv(OutputStream out, char delimiter, RowLayout layout) {
            this.csv = new CsvWriter(out, delimiter);
            this.layout = layout;
        }

        @Override
        public void write(List<CsvRecord> rows, String version, NamedValues outputs) throws IOException {
            List<OutputRows> answers = apart(rows, outputs);
            requireSameColumns(answers);
            for (int i = 0; i < rows.size(); i++) {
                List<Object> cells = new ArrayList<>(layout.kept(rows.get(i)));
                for (OutputRows answer : answers) {
                    cells.addAll(answer.cells(i));
                }
                csv.write(cells);
            }
        }

        private void requireSameColumns(List<OutputRows> answers) throws IOException {
            List<String> columns = new ArrayList<>(layout.keptNames());
            answers.forEach(it -> columns.addAll(it.columnNames()));
            if (header.isEmpty()) {
                header = columns;
                csv.write(header);
            } else if (!header.equals(columns)) {
                throw new InferenceException("the answer has " + columns.size() + " columns, expected the "
                        + header.size() + " of the answers before; use --to json for answers of changing shape");
            }
        }
    }

    /** JSON, one object a row and line. */
    final class Json implements RowSink {

        private final OutputStream out;
        private final RowLayout layout;

        Json(OutputStream out, RowLayout layout) {
            this.out = out;
            this.layout = layout;
        }

        @Override
        public void write(List<CsvRecord> rows, String version, NamedValues outputs) throws IOException {
            List<OutputRows> answers = apart(rows, outputs);
            for (int i = 0; i < rows.size(); i++) {
                Map<String, Object> json = new LinkedHashMap<>();
                json.put("line", rows.get(i).line());
                List<String> kept = layout.kept(rows.get(i));
                for (int k = 0; k < kept.size(); k++) {
                    json.put(layout.keptNames().get(k), kept.get(k));
                }
                json.put("model_version", version);
                Map<String, Object> values = new LinkedHashMap<>();
                for (OutputRows answer : answers) {
                    values.put(answer.name(), answer.json(i));
                }
                json.put("outputs", values);
                out.write((JsonText.compact(json) + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
    }
}
