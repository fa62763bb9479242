package dev.kitchen.checks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The regions of a source: the lines between comments "// snippet: name" and "// end", without common indentation. */
final class SnippetSource {

    private static final String BEGIN = "// snippet: ";
    private static final String END = "// end";

    private SnippetSource() {}

    static Map<String, List<String>> regions(Path source) throws IOException {
        Map<String, List<String>> regions = new TreeMap<>();
        String name = "";
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(source)) {
            String text = line.strip();
            if (text.startsWith(BEGIN)) {
                require(name.isEmpty(), source + ": region '" + name + "' has no end");
                name = text.substring(BEGIN.length());
                lines = new ArrayList<>();
            } else if (text.equals(END)) {
                require(!name.isEmpty(), source + ": an end without a region");
                require(regions.put(name, withoutIndentation(lines)) == null, source + ": region '" + name + "' twice");
                name = "";
            } else {
                lines.add(line);
            }
        }
        require(name.isEmpty(), source + ": region '" + name + "' has no end");
        return regions;
    }

    private static void require(boolean condition, String problem) {
        if (!condition) {
            throw new IllegalStateException(problem);
        }
    }

    /** Returns the lines without what all of them that are not blank begin with. */
    static List<String> withoutIndentation(List<String> lines) {
        int common = lines.stream()
                .filter(line -> !line.isBlank())
                .mapToInt(line -> line.length() - line.stripLeading().length())
                .min()
                .orElse(0);
        return lines.stream()
                .map(line -> line.isBlank() ? "" : line.substring(common).stripTrailing())
                .toList();
    }
}
