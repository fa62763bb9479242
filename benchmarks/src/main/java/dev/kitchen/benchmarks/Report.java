package dev.kitchen.benchmarks;

import dev.kitchen.benchmarks.Results.Figure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Writes the results as a Markdown table with ratios, and as charts. Arguments: JMH's JSON, whose name the other files
 * take; a title; the lines of what is no JMH benchmark, any number of files.
 */
final class Report {

    private Report() {}

    public static void main(String[] arguments) throws IOException {
        Path json = Path.of(arguments[0]);
        List<Figure> figures = new ArrayList<>(Results.jmh(json));
        Path[] lines = new Path[arguments.length - 2];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = Path.of(arguments[i + 2]);
        }
        figures.addAll(Results.lines(lines));
        String base = json.toString().replaceAll("\\.json$", "");
        Files.writeString(Path.of(base + ".md"), markdown(arguments[1], figures));
        for (Map.Entry<String, List<Figure>> group : charts(figures).entrySet()) {
            if (group.getValue().size() == 1) {
                continue;
            }
            String name = group.getKey().replaceAll("[^A-Za-z0-9]+", "-").toLowerCase(Locale.ROOT);
            Files.writeString(Path.of(base + "-" + name + ".svg"), Chart.of(group.getKey(), group.getValue()));
        }
    }

    /** A table's figures: by class, model and number of callers; the best first. */
    static Map<String, List<Figure>> tables(List<Figure> figures) {
        return grouped(figures, it -> subject(it) + ", " + it.callers());
    }

    /** A chart's figures: by class and model. */
    static Map<String, List<Figure>> charts(List<Figure> figures) {
        return grouped(figures, Report::subject);
    }

    private static String subject(Figure figure) {
        return figure.question().replace("Benchmark", "") + ", " + figure.model();
    }

    private static Map<String, List<Figure>> grouped(List<Figure> figures, Function<Figure, String> key) {
        return figures.stream()
                .sorted(Comparator.comparing(Report::subject)
                        .thenComparingInt(Figure::threads)
                        .thenComparingDouble(Figure::cost))
                .collect(Collectors.groupingBy(key, LinkedHashMap::new, Collectors.toList()));
    }

    static String markdown(String title, List<Figure> figures) {
        StringBuilder text = new StringBuilder("# ").append(title).append("\n\n");
        text.append(
                "± half of the 99.9 % confidence interval. Ratios are of costs: below 1 Kitchen is faster or smaller.\n");
        text.append(
                "In brackets the ratio of the best iterations, which a busy neighbour of the machine disturbs least.\n");
        tables(figures).forEach((name, group) -> {
            text.append("\n## ").append(name).append("\n\n");
            text.append("| | ")
                    .append(group.get(0).unit())
                    .append(" | best | B/op | predict ÷ this | bound call ÷ this |\n");
            text.append("|---|--:|--:|--:|--:|--:|\n");
            for (Figure figure : group) {
                text.append(String.format(
                        Locale.ROOT,
                        "| %s | %s | %s | %s | %s | %s |%n",
                        figure.peer(),
                        number(figure.value()) + " ± " + number(figure.error()),
                        number(figure.best()),
                        Double.isNaN(figure.bytes()) ? "" : String.format(Locale.ROOT, "%,.0f", figure.bytes()),
                        ratio(find(group, "kitchen"), figure),
                        ratio(find(group, "kitchenBound"), figure)));
            }
        });
        return text.toString();
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "?" : String.format(Locale.ROOT, value < 100 ? "%.1f" : "%,.0f", value);
    }

    private static Optional<Figure> find(List<Figure> group, String peer) {
        return group.stream().filter(it -> it.peer().equals(peer)).findFirst();
    }

    /** A ratio and its error, which relative errors add up to as for independent figures. */
    static String ratio(Optional<Figure> ours, Figure other) {
        if (ours.isEmpty() || ours.get().equals(other)) {
            return "";
        }
        double ratio = ours.get().cost() / other.cost();
        double error = ratio * Math.hypot(ours.get().error() / ours.get().value(), other.error() / other.value());
        double best = ours.get().bestCost() / other.bestCost();
        return String.format(Locale.ROOT, "%.2f ± %.2f (%.2f)", ratio, error, best)
                .replace(" (NaN)", "");
    }
}
