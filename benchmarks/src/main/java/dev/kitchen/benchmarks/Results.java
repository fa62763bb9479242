package dev.kitchen.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What was measured, read from JMH's JSON and from the C program's lines. */
final class Results {

    /** The 99.9 % quantile of Student's t for the C program's ten repetitions, two-sided. */
    private static final double T_9 = 4.781;

    /**
     * One figure.
     *
     * @param question the benchmark class
     * @param peer its method
     * @param error half of the 99.9 % confidence interval
     * @param bytes allocated per operation, NaN where not measured
     */
    record Figure(
            String question,
            String model,
            String peer,
            int threads,
            double value,
            double error,
            String unit,
            double bytes) {}

    private Results() {}

    static List<Figure> jmh(Path file) throws IOException {
        List<Figure> figures = new ArrayList<>();
        for (JsonNode run : JsonMapper.shared().readTree(Files.readString(file))) {
            String[] name = run.get("benchmark").asString().split("\\.");
            JsonNode primary = run.get("primaryMetric");
            JsonNode bytes = run.path("secondaryMetrics").path("gc.alloc.rate.norm");
            figures.add(new Figure(
                    name[name.length - 2],
                    run.path("params").path("model").asString("-"),
                    name[name.length - 1],
                    run.get("threads").asInt(),
                    primary.get("score").asDouble(),
                    primary.get("scoreError").asDouble(Double.NaN),
                    primary.get("scoreUnit").asString(),
                    bytes.isMissingNode() ? Double.NaN : bytes.get("score").asDouble()));
        }
        return figures;
    }

    /** The C program's runs before and after the Java ones, as one figure per model and way. */
    static List<Figure> floor(Path... files) throws IOException {
        java.util.Map<String, List<Double>> nanos = new java.util.LinkedHashMap<>();
        for (Path file : files) {
            if (Files.exists(file)) {
                for (String line : Files.readAllLines(file)) {
                    JsonNode way = JsonMapper.shared().readTree(line);
                    String key =
                            way.get("model").asString() + " C " + way.get("way").asString();
                    way.get("nanos")
                            .forEach(it -> nanos.computeIfAbsent(key, unused -> new ArrayList<>())
                                    .add(it.asDouble()));
                }
            }
        }
        List<Figure> figures = new ArrayList<>();
        nanos.forEach((key, values) -> {
            String[] parts = key.split(" ", 2);
            double mean = values.stream().mapToDouble(it -> it).average().orElse(Double.NaN);
            double squares =
                    values.stream().mapToDouble(it -> (it - mean) * (it - mean)).sum();
            double error = T_9 * Math.sqrt(squares / (values.size() - 1) / values.size());
            figures.add(new Figure("PredictBenchmark", parts[0], parts[1], 1, mean, error, "ns/op", 0));
        });
        return figures;
    }
}
