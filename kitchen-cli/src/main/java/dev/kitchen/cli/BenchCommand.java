package dev.kitchen.cli;

import dev.kitchen.Endpoint;
import dev.kitchen.Kitchen;
import dev.kitchen.json.InferenceJson;
import dev.kitchen.json.JsonOptions;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Measures how fast a model answers on this machine. */
@Command(
        name = "bench",
        description = {
            "Measure latency and throughput of a model on this machine, for each number of callers.",
            "Callers ask as fast as they are answered, so latency includes waiting for a CPU where there are more callers"
                    + " than CPUs."
        },
        footer = {
            "",
            "Examples:",
            "  kitchen bench iris.onnx",
            "  kitchen bench iris.onnx --callers 1,8,32 --rows 16 --duration 10s --json",
            "  kitchen bench bert.onnx --shape ids=1,128 --shape mask=1,128",
            "  kitchen bench bert.onnx --input request.json"
        })
final class BenchCommand implements Callable<Integer> {

    private static final double[] PERCENTILES = {0.5, 0.9, 0.99, 0.999};
    private static final int MAX_CALLERS = 1_000;

    @ParentCommand
    private CommandOutput root;

    @Mixin
    private ModelOptions model;

    @Mixin
    private OutputOptions output;

    @Option(
            names = {"-c", "--callers"},
            paramLabel = "N",
            split = ",",
            defaultValue = "1",
            description = "How many threads ask at once; several numbers are measured one after the other.")
    private List<Integer> callers;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            defaultValue = "5s",
            description = "How long to measure each. If unset, ${DEFAULT-VALUE}.")
    private Duration duration;

    @Option(
            names = "--warm-up",
            paramLabel = "TIME",
            defaultValue = "2s",
            description = "How long to run before. If unset, ${DEFAULT-VALUE}.")
    private Duration warmUp;

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "1",
            description = "The size of dynamic first dimensions of made-up inputs. If unset, 1.")
    private int rows;

    @Option(
            names = "--shape",
            paramLabel = "INPUT=D,D",
            description = "The shape of a made-up input whose dimensions are not all known.")
    private Map<String, String> shapes = new LinkedHashMap<>();

    private Optional<Path> input = Optional.empty();

    @Spec
    private CommandSpec spec;

    // Not a field, as shells complete no file where the type is Optional.
    @Option(
            names = "--input",
            paramLabel = "FILE",
            description = "A request as JSON to ask, instead of made-up inputs: floats between 0 and 1, integers 1.")
    void input(Path request) {
        input = Optional.of(request);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        require(
                callers.stream().allMatch(it -> it >= 1 && it <= MAX_CALLERS),
                "--callers is " + callers + ", expected numbers of 1 to " + MAX_CALLERS);
        require(rows >= 1, "--rows is " + rows + ", expected 1 or more");
        Map<String, Shape> given = shapes();
        try (Kitchen kitchen = model.open()) {
            Endpoint endpoint = model.endpoint(kitchen);
            NamedValues values =
                    input.isPresent() ? request(input.get()) : BenchInputs.of(endpoint.signature(), rows, given);
            List<BenchRun.Result> results = measure(new BenchRun(
                    endpoint, PredictionRequest.of(values, model.callOptions().build())));
            root.print(output.json, json(endpoint, results), text(results));
        }
        return ExitCode.OK.code();
    }

    private Map<String, Shape> shapes() {
        Map<String, Shape> parsed = new LinkedHashMap<>();
        shapes.forEach((name, text) -> {
            require(
                    text.matches("\\d{1,9}(,\\d{1,9})*"),
                    "--shape " + name + " is '" + text + "', expected numbers such as 1,128");
            List<Long> dimensions = new ArrayList<>();
            for (String dimension : text.split(",", -1)) {
                dimensions.add(Long.valueOf(dimension));
            }
            parsed.put(
                    name,
                    Shape.of(dimensions.stream().mapToLong(Long::longValue).toArray()));
        });
        return parsed;
    }

    private void require(boolean condition, String problem) {
        if (!condition) {
            throw new ParameterException(spec.commandLine(), problem);
        }
    }

    private static NamedValues request(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return InferenceJson.of(JsonOptions.defaults()).readRequest(in).inputs();
        }
    }

    private List<BenchRun.Result> measure(BenchRun run) throws InterruptedException {
        List<BenchRun.Result> results = new ArrayList<>();
        for (int count : callers) {
            run.run(count, warmUp);
            results.add(run.run(count, duration));
        }
        return results;
    }

    private Map<String, Object> json(Endpoint endpoint, List<BenchRun.Result> results) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model", endpoint.name());
        json.put("model_version", endpoint.version());
        json.put("cpus", Runtime.getRuntime().availableProcessors());
        json.put("java", Runtime.version());
        json.put("results", results.stream().map(BenchCommand::json).toList());
        return json;
    }

    private static Map<String, Object> json(BenchRun.Result result) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("callers", result.callers());
        json.put("calls", result.latencies().count());
        json.put("seconds", result.nanos() / 1e9);
        json.put("calls_per_second", result.callsPerSecond());
        Map<String, Object> latency = new LinkedHashMap<>();
        for (double part : PERCENTILES) {
            latency.put(name(part), micros(result.latencies().percentile(part)));
        }
        latency.put("max", micros(result.latencies().most()));
        json.put("latency_us", latency);
        return json;
    }

    private static double micros(long nanos) {
        return (double) nanos / 1_000;
    }

    private static String name(double part) {
        return ("p" + part * 100).replaceAll("\\.0$", "");
    }

    private static Table text(List<BenchRun.Result> results) {
        Table table = Table.of("callers", "calls/s", "p50", "p90", "p99", "p99.9", "max");
        for (BenchRun.Result result : results) {
            List<String> cells = new ArrayList<>();
            cells.add(Integer.toString(result.callers()));
            cells.add(Texts.number(result.callsPerSecond()));
            for (double part : PERCENTILES) {
                cells.add(Texts.nanos(result.latencies().percentile(part)));
            }
            cells.add(Texts.nanos(result.latencies().most()));
            table.row(cells.toArray(String[]::new));
        }
        return table;
    }
}
