package dev.kitchen.benchmarks;

import dev.kitchen.benchmarks.Results.Figure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Writes the results as a Markdown table with ratios, and as charts. Arguments: JMH's JSON, whose name the other files
 * take; a title; the C program's lines, any number of files.
 */
final class Report {

    private Report() {}

    public static void main(String[] arguments) throws IOException {
        Path json = Path.of(arguments[0]);
        List<Figure> figures = new ArrayList<>(Results.jmh(json));
        Path[] floors = new Path[arguments.length - 2];
        for (int i = 0; i < floors.length; i++) {
            floors[i] = Path.of(arguments[i + 2]);
        }
        figures.addAll(Results.floor(floors));
        String base = json.toString().replaceAll("\\.json$", "");
        Files.writeString(Path.of(base + ".md"), markdown(arguments[1], figures));
        for (Map.Entry<String, List<Figure>> group : groups(figures).entrySet()) {
            String name = group.getKey().replaceAll("[^A-Za-z0-9]+", "-").toLowerCase(Locale.ROOT);
            Files.writeString(Path.of(base + "-" + name + ".svg"), Chart.of(group.getKey(), group.getValue()));
        }
    }

    /** Figures that answer one question: by class, model and number of callers. */
    static Map<String, List<Figure>> groups(List<Figure> figures) {
        Map<String, List<Figure>> groups = new TreeMap<>();
        for (Figure figure : figures) {
            String key = figure.question().replace("Benchmark", "") + ", " + figure.model() + ", " + figure.threads()
                    + (figure.threads() == 1 ? " caller" : " callers");
            groups.computeIfAbsent(key, it -> new ArrayList<>()).add(figure);
        }
        groups.values().forEach(it -> it.sort(Comparator.comparingDouble(Figure::value)));
        return groups;
    }

    static String markdown(String title, List<Figure> figures) {
        StringBuilder text = new StringBuilder("# ").append(title).append("\n\n");
        text.append("Average time, ± half of the 99.9 % confidence interval. Ratios below 1: Kitchen is faster.\n");
        groups(figures).forEach((name, group) -> {
            text.append("\n## ").append(name).append("\n\n");
            text.append("| | ").append(group.get(0).unit()).append(" | B/op | predict ÷ this | bound call ÷ this |\n");
            text.append("|---|--:|--:|--:|--:|\n");
            for (Figure figure : group) {
                text.append(String.format(
                        Locale.ROOT,
                        "| %s | %,.0f ± %,.0f | %s | %s | %s |%n",
                        figure.peer(),
                        figure.value(),
                        figure.error(),
                        Double.isNaN(figure.bytes()) ? "" : String.format(Locale.ROOT, "%,.0f", figure.bytes()),
                        ratio(find(group, "kitchen"), figure),
                        ratio(find(group, "kitchenBound"), figure)));
            }
        });
        return text.toString();
    }

    private static Optional<Figure> find(List<Figure> group, String peer) {
        return group.stream().filter(it -> it.peer().equals(peer)).findFirst();
    }

    /** A ratio and its error, which relative errors add up to as for independent figures. */
    static String ratio(Optional<Figure> ours, Figure other) {
        if (ours.isEmpty() || ours.get().equals(other)) {
            return "";
        }
        double ratio = ours.get().value() / other.value();
        double error = ratio * Math.hypot(ours.get().error() / ours.get().value(), other.error() / other.value());
        return String.format(Locale.ROOT, "%.2f ± %.2f", ratio, error);
    }
}
