package dev.kitchen.cli;

import dev.kitchen.Endpoint;
import dev.kitchen.error.InferenceException;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.KitchenException;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.PredictionRequest;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.function.Function;

/** Runs a model over the rows of a CSV file, so many at a time; holds no more than these. */
final class RowPrediction {

    private static final int MAX_REPORTED = 20;

    private final Endpoint endpoint;
    private final CallOptions options;
    private final RowSettings settings;
    private final Progress progress;
    private final PrintWriter messages;
    private final String place;
    private long badRows;

    RowPrediction(
            Endpoint endpoint,
            CallOptions options,
            RowSettings settings,
            Progress progress,
            PrintWriter messages,
            String place) {
        this.endpoint = endpoint;
        this.options = options;
        this.settings = settings;
        this.progress = progress;
        this.messages = messages;
        this.place = place;
    }

    /**
     * Reads all rows and writes their answers.
     *
     * @param sink made once it is known where columns go
     * @return how many rows were left out because they are wrong
     */
    long run(CsvReader reader, Function<RowLayout, RowSink> sink) throws IOException {
        Optional<CsvRecord> first = reader.read();
        if (first.isEmpty()) {
            throw new InvalidRequestException(
                    place + ": is empty, expected " + (settings.header() ? "a header and rows" : "rows"));
        }
        RowLayout layout = layout(first.get());
        layout.notes().forEach(it -> messages.println("kitchen: " + place + ": " + Texts.oneLine(it)));
        RowBatch batch = new RowBatch(layout, settings.batchSize(), settings.emptyIsNan());
        RowSink answers = sink.apply(layout);
        Optional<CsvRecord> row = settings.header() ? reader.read() : first;
        for (; row.isPresent(); row = reader.read()) {
            add(batch, row.get(), answers);
            if (batch.isFull()) {
                predict(batch, answers);
            }
        }
        predict(batch, answers);
        reportRest();
        return badRows;
    }

    private RowLayout layout(CsvRecord first) {
        try {
            return settings.header()
                    ? RowLayout.of(endpoint.signature(), endpoint.metadata().custom(), first.cells(), settings.keep())
                    : RowLayout.withoutHeader(
                            endpoint.signature(), first.cells().size());
        } catch (InvalidRequestException e) {
            throw new InvalidRequestException(place(first) + ": " + e.getMessage(), e);
        }
    }

    private void add(RowBatch batch, CsvRecord row, RowSink answers) throws IOException {
        try {
            batch.add(row);
        } catch (InvalidRequestException e) {
            if (!settings.skipBadRows()) {
                predict(batch, answers);
            }
            failed(row, e);
        }
    }

    private void predict(RowBatch batch, RowSink answers) throws IOException {
        if (batch.rows().isEmpty()) {
            return;
        }
        try {
            answer(batch, answers);
        } catch (InvalidRequestException | InferenceException e) {
            // Which of the rows it was shows when each runs alone.
            if (batch.rows().size() == 1) {
                failed(batch.rows().get(0), e);
            } else {
                for (CsvRecord row : batch.rows()) {
                    predict(batch.only(row), answers);
                }
            }
        }
        batch.clear();
    }

    private void answer(RowBatch batch, RowSink answers) throws IOException {
        Prediction prediction = endpoint.predict(PredictionRequest.of(batch.inputs(), options));
        answers.write(batch.rows(), prediction.version(), prediction.outputs());
        progress.advance(batch.rows().size());
    }

    /** A bad row ends it all, or is told of and left out. */
    private void failed(CsvRecord row, KitchenException e) {
        String message = place(row) + ": " + e.getMessage();
        if (!settings.skipBadRows()) {
            throw e instanceof InferenceException
                    ? new InferenceException(message, e)
                    : new InvalidRequestException(message, e);
        }
        if (++badRows <= MAX_REPORTED) {
            progress.interrupt();
            messages.println("kitchen: " + Texts.oneLine(message));
        }
    }

    private void reportRest() {
        if (badRows > 0) {
            progress.interrupt();
            messages.println("kitchen: " + place + ": " + badRows + " rows are left out"
                    + (badRows > MAX_REPORTED ? ", of which " + MAX_REPORTED + " are named above" : ""));
        }
    }

    private String place(CsvRecord row) {
        return place + ", line " + row.line();
    }
}
