package dev.kitchen.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What was measured, read from JMH's JSON and from the C program's lines. */
final class Results {

    /** The 99.9 % quantiles of Student's t, two-sided, by degrees of freedom from 1. */
    private static final double[] T = {636.6, 31.60, 12.92, 8.610, 6.869, 5.959, 5.408, 5.041, 4.781};

    /**
     * One figure.
     *
     * @param question the benchmark class
     * @param peer its method
     * @param error half of the 99.9 % confidence interval, NaN where there is but one measurement
     * @param best the best iteration or repetition, NaN where unknown
     * @param bytes allocated per operation, or kept on the heap by a model; NaN where not measured
     */
    record Figure(
            String question,
            String model,
            String peer,
            int threads,
            double value,
            double error,
            double best,
            String unit,
            double bytes) {

        boolean moreIsBetter() {
            return unit.startsWith("ops/");
        }

        /** What less of is better. */
        double cost() {
            return moreIsBetter() ? 1 / value : value;
        }

        double bestCost() {
            return moreIsBetter() ? 1 / best : best;
        }

        String callers() {
            return threads + (threads == 1 ? " caller" : " callers");
        }
    }

    private Results() {}

    static List<Figure> jmh(Path file) throws IOException {
        List<Figure> figures = new ArrayList<>();
        for (JsonNode run : JsonMapper.shared().readTree(Files.readString(file))) {
            String[] name = run.get("benchmark").asString().split("\\.");
            JsonNode primary = run.get("primaryMetric");
            JsonNode bytes = run.path("secondaryMetrics").path("gc.alloc.rate.norm");
            figures.add(new Figure(
                    name[name.length - 2],
                    model(run.path("params")),
                    name[name.length - 1],
                    run.get("threads").asInt(),
                    primary.get("score").asDouble(),
                    primary.get("scoreError").asDouble(Double.NaN),
                    best(primary),
                    primary.get("scoreUnit").asString(),
                    bytes.isMissingNode() ? Double.NaN : bytes.get("score").asDouble()));
        }
        return figures;
    }

    private static double best(JsonNode metric) {
        DoubleSummaryStatistics iterations = new DoubleSummaryStatistics();
        metric.path("rawData").forEach(fork -> fork.forEach(it -> iterations.accept(it.asDouble())));
        if (iterations.getCount() == 0) {
            return Double.NaN;
        }
        return metric.get("scoreUnit").asString().startsWith("ops/") ? iterations.getMax() : iterations.getMin();
    }

    /** The model, and whatever else was varied. */
    private static String model(JsonNode parameters) {
        StringBuilder text = new StringBuilder(parameters.path("model").asString("-"));
        parameters.properties().stream()
                .filter(it -> !it.getKey().equals("model"))
                .forEach(it -> text.append(", ")
                        .append(it.getKey())
                        .append(' ')
                        .append(it.getValue().asString()));
        return text.toString();
    }

    /** What is no JMH benchmark, a line of JSON per run: the C program's and the memory's. */
    static List<Figure> lines(Path... files) throws IOException {
        Map<Figure, List<Double>> values = new LinkedHashMap<>();
        for (Path file : files) {
            if (Files.exists(file)) {
                for (String line : Files.readAllLines(file)) {
                    add(values, JsonMapper.shared().readTree(line));
                }
            }
        }
        List<Figure> figures = new ArrayList<>();
        values.forEach((figure, measured) -> figures.add(mean(figure, measured)));
        return figures;
    }

    private static void add(Map<Figure, List<Double>> values, JsonNode line) {
        String model = line.get("model").asString();
        if (line.has("way")) {
            String way = "C " + line.get("way").asString();
            Figure floor = new Figure("PredictBenchmark", model, way, 1, 0, 0, 0, "ns/op", 0);
            line.get("nanos")
                    .forEach(it -> values.computeIfAbsent(floor, key -> new ArrayList<>())
                            .add(it.asDouble()));
        } else {
            double heap = line.get("heap").asDouble();
            Figure memory =
                    new Figure("MemoryUse", model, line.get("peer").asString(), 1, 0, 0, 0, "KiB/model", Double.NaN);
            values.computeIfAbsent(memory, key -> new ArrayList<>())
                    .add((line.get("resident").asDouble() + heap) / 1024);
        }
    }

    private static Figure mean(Figure figure, List<Double> values) {
        double mean = values.stream().mapToDouble(it -> it).average().orElse(Double.NaN);
        double squares =
                values.stream().mapToDouble(it -> (it - mean) * (it - mean)).sum();
        int freedom = values.size() - 1;
        double error = freedom == 0
                ? Double.NaN
                : T[Math.min(freedom, T.length) - 1] * Math.sqrt(squares / freedom / values.size());
        double best = values.stream().mapToDouble(it -> it).min().orElse(Double.NaN);
        return new Figure(
                figure.question(), figure.model(), figure.peer(), 1, mean, error, best, figure.unit(), figure.bytes());
    }
}
