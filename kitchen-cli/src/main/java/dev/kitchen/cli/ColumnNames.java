package dev.kitchen.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** The names of columns: where a model says them, and which of a file's is meant. */
final class ColumnNames {

    /** As the typed endpoints have them. */
    private static final List<String> KEYS = List.of("kitchen.features", "feature_names");

    private ColumnNames() {}

    /** What a model's metadata calls the columns of its matrix; empty where it says nothing. */
    static List<String> declared(Map<String, String> metadata) {
        return KEYS.stream()
                .map(it -> metadata.getOrDefault(it, "").strip())
                .filter(it -> !it.isEmpty())
                .findFirst()
                .map(it -> Arrays.stream(it.replaceAll("^\\[|]$", "").split(",", -1))
                        .map(name -> name.strip().replaceAll("^[\"']|[\"']$", ""))
                        .toList())
                .orElse(List.of());
    }

    /** Where that name stands: the same, or the only one that differs in case, {@code _}, {@code -} and spaces. */
    static OptionalInt find(String name, List<String> header) {
        int exact = header.indexOf(name);
        if (exact >= 0) {
            return header.lastIndexOf(name) == exact ? OptionalInt.of(exact) : OptionalInt.empty();
        }
        int[] alike = IntStream.range(0, header.size())
                .filter(it -> folded(header.get(it)).equals(folded(name)))
                .toArray();
        return alike.length == 1 ? OptionalInt.of(alike[0]) : OptionalInt.empty();
    }

    private static String folded(String name) {
        return name.replaceAll("[_\\- ]", "").toLowerCase(Locale.ROOT);
    }
}
