package dev.kitchen.guide;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The pages of the guide, for tests that try what a page shows in another language than Java. */
final class Pages {

    private static final Path GUIDE = Path.of("../../docs/guide");

    private Pages() {}

    /** Returns the fenced blocks of a page that are in this language, in their order. */
    static List<String> block(String page, String language) throws IOException {
        return Pattern.compile("(?ms)^```" + language + "\\n(.*?)^```$")
                .matcher(Files.readString(GUIDE.resolve(page)))
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }
}
