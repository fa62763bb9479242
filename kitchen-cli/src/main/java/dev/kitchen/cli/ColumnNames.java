package dev.kitchen.cli;

import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** The names of columns: which of a file's is meant. */
final class ColumnNames {

    private ColumnNames() {}

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
