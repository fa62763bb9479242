package dev.kitchen.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The names of a matrix's columns, where a model's metadata has them. */
final class FeatureNames {

    /** What Kitchen's own training writes, then what others do. */
    private static final List<String> KEYS = List.of("kitchen.features", "feature_names");

    private FeatureNames() {}

    static Optional<List<String>> in(Map<String, String> metadata) {
        return KEYS.stream()
                .map(it -> metadata.getOrDefault(it, ""))
                .map(it -> parse(it.strip()))
                .filter(it -> !it.isEmpty())
                .findFirst();
    }

    /** Names between commas; within brackets, and each within quotes, if they like. */
    private static List<String> parse(String text) {
        String list = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        List<String> names = new ArrayList<>();
        StringBuilder name = new StringBuilder();
        char quote = 0;
        for (int i = 0; i < list.length(); i++) {
            char character = list.charAt(i);
            if (quote == 0 && character == ',') {
                names.add(name.toString().strip());
                name.setLength(0);
            } else if (quote == 0
                    && (character == '"' || character == '\'')
                    && name.toString().isBlank()) {
                quote = character;
                name.setLength(0);
            } else if (quote != 0 && character == quote) {
                quote = 0;
            } else if (quote != 0 && character == '\\' && i + 1 < list.length()) {
                name.append(list.charAt(++i));
            } else {
                name.append(character);
            }
        }
        if (!list.isBlank()) {
            names.add(name.toString().strip());
        }
        return names;
    }

    /** What is left of a name when its spelling is ignored. */
    static String folded(String name) {
        return name.replaceAll("[_\\- ]", "").toLowerCase(Locale.ROOT);
    }
}
