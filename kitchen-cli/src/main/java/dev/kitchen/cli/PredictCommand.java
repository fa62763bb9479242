package dev.kitchen.cli;

import dev.kitchen.Endpoint;
import dev.kitchen.Kitchen;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.Ticker;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Runs a model over a file. */
@Command(
        name = "predict",
        description = {
            "Run a model over a file: rows of CSV, or requests of the Open Inference Protocol as JSON.",
            "Columns go to the inputs, or to the model's feature names, that they are called by. Memory does not grow"
                    + " with the file."
        },
        footer = {
            "",
            "Examples:",
            "  kitchen predict iris.onnx flowers.csv > answers.csv",
            "  kitchen predict iris.onnx flowers.csv --keep id --outputs probabilities -o answers.csv",
            "  kitchen predict models request.json --endpoint iris",
            "  zcat rows.csv.gz | kitchen predict iris.onnx - --from csv --json | jq .outputs"
        })
final class PredictCommand implements Callable<Integer> {

    /** What answers are written as. */
    enum AnswerFormat {
        CSV,
        JSON;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @ParentCommand
    private CommandOutput root;

    @Mixin
    private ModelOptions model;

    @Parameters(index = "1", paramLabel = "FILE", description = "What to predict; - for standard input.")
    private Path file;

    @Option(
            names = "--from",
            paramLabel = "FORMAT",
            description = "csv, json (one request) or jsonl (one a line). If unset, what the file's name says.")
    private Optional<DataFormat> from;

    @Option(
            names = "--to",
            paramLabel = "ANSWERS",
            description = "csv or json. If unset, as the input. Rows of CSV become one JSON object a line.")
    private Optional<AnswerFormat> to;

    @Option(names = "--json", description = "As --to json.")
    private boolean json;

    @Option(
            names = "--outputs",
            paramLabel = "NAME",
            split = ",",
            description = "Which outputs of the model to compute. If unset, all.")
    private List<String> outputs = List.of();

    @Option(
            names = "--time-limit",
            paramLabel = "TIME",
            description = "How long one run may take: 200ms, 10s, 2m. If unset, as long as it likes.")
    private Optional<Duration> timeLimit;

    @Option(
            names = "--progress",
            paramLabel = "WHEN",
            defaultValue = "auto",
            description = "auto, always or never. If unset, where standard error is a terminal.")
    private Progress.Mode progressMode;

    private Optional<Path> output = Optional.empty();

    @Mixin
    private RowOptions rows;

    @Spec
    private CommandSpec spec;

    // Not a field, as shells complete no file where the type is Optional.
    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where answers go; appears once it is complete. If unset, standard output.")
    void output(Path target) {
        output = Optional.of(target);
    }

    @Override
    public Integer call() throws IOException {
        DataFormat format = from.or(() -> DataFormat.of(file.toString()))
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(), file + ": its name does not say what it is, expected --from"));
        RowSettings settings = rows.settings(file.toString());
        try (CountingInput in = new CountingInput(input());
                Kitchen kitchen = model.open();
                Progress progress =
                        new Progress(root.terminal(), progressMode, totalBytes(), in::count, Ticker.system());
                ResultFile results = ResultFile.open(output, root.terminal())) {
            long badRows = predict(format, settings, model.endpoint(kitchen), in, results.out(), progress);
            results.complete();
            return (badRows == 0 ? ExitCode.OK : ExitCode.INVALID_DATA).code();
        }
    }

    private long predict(
            DataFormat format,
            RowSettings settings,
            Endpoint endpoint,
            CountingInput in,
            OutputStream out,
            Progress progress)
            throws IOException {
        String place = isStandardInput() ? "standard input" : file.toString();
        if (format == DataFormat.CSV) {
            return new RowPrediction(
                            endpoint,
                            options(),
                            settings,
                            progress,
                            root.terminal().messages(),
                            place)
                    .run(
                            new CsvReader(in, place, settings.delimiter()),
                            layout -> isJson(format)
                                    ? new RowSink.Json(out, layout)
                                    : new RowSink.Csv(out, settings.delimiter(), layout));
        }
        Optional<RowSink> sink = isJson(format)
                ? Optional.empty()
                : Optional.of(new RowSink.Csv(out, settings.delimiter(), RowLayout.NONE));
        RequestPrediction requests = new RequestPrediction(endpoint, options(), sink, out, progress);
        if (format == DataFormat.JSON) {
            requests.one(in, place);
        } else {
            requests.lines(new BufferedInputStream(in, 1 << 16), place);
        }
        return 0;
    }

    private boolean isJson(DataFormat format) {
        return json || to.map(it -> it == AnswerFormat.JSON).orElse(format != DataFormat.CSV);
    }

    private CallOptions options() {
        CallOptions.Builder options = model.callOptions();
        timeLimit.ifPresent(options::timeLimit);
        return options.requestedOutputs(outputs.toArray(String[]::new)).build();
    }

    private InputStream input() throws IOException {
        if (isStandardInput()) {
            return root.terminal().in();
        }
        if (Files.isDirectory(file)) {
            throw new NoSuchFileException(file + ": is a directory, expected a file");
        }
        return Files.newInputStream(file);
    }

    private long totalBytes() throws IOException {
        return isStandardInput() ? 0 : Files.size(file);
    }

    private boolean isStandardInput() {
        return file.toString().equals("-");
    }
}
