package dev.kitchen.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The tests that docs/guide/waits.md names for its lines are there. */
class WaitsPageTest {

    private static final Path ROOT = Path.of("..");
    private static final Path TESTS = ROOT.resolve("kitchen-testkit/src/test/java/dev/kitchen");

    /** A class, a class and a method, or another method of the class before it. */
    private static final Pattern NAME = Pattern.compile("`(?:([A-Z]\\w*Test)\\.?)?([a-z]\\w{15,})?`");

    @Test
    void everyTestThatIsNamedIsThere() throws IOException {
        List<String> named = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (String line : Files.readAllLines(ROOT.resolve("docs/guide/waits.md"))) {
            String source = "";
            Matcher names = NAME.matcher(line.substring(Math.max(0, line.lastIndexOf(" | "))));
            while (names.find()) {
                source = names.group(1) == null ? source : source(names.group(1));
                named.add(names.group());
                if (source.isEmpty() || names.group(2) != null && !source.contains("void " + names.group(2) + "(")) {
                    missing.add(names.group());
                }
            }
        }

        assertThat(missing).isEmpty();
        assertThat(named).hasSizeGreaterThan(40);
    }

    private static String source(String test) throws IOException {
        Path file = TESTS.resolve(test + ".java");
        return Files.exists(file) ? Files.readString(file) : "";
    }
}
