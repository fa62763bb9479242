package dev.kitchen.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Each block of Java in README.md and docs/guide is a region of a source in examples/guide, which the build compiles and
 * runs. A page names the region in a comment above the block; in the source, comments enclose it:
 *
 * <pre>{@code
 * <!-- snippet: caching-1 -->          // snippet: caching-1
 * ```java                              ...
 * ...                                  // end
 * ```
 * }</pre>
 */
class SnippetsTest {

    private static final Path ROOT = Path.of("..");
    private static final Path SOURCES = ROOT.resolve("examples/guide/src");
    private static final Path GUIDE = ROOT.resolve("docs/guide");

    private static final Map<String, List<String>> REGIONS = new TreeMap<>();
    private static final List<SnippetPage> PAGES = new ArrayList<>();

    @BeforeAll
    static void readAll() throws IOException {
        try (Stream<Path> sources = Files.walk(SOURCES)) {
            for (Path source : sources.filter(it -> it.toString().endsWith(".java"))
                    .sorted()
                    .toList()) {
                SnippetSource.regions(source)
                        .forEach((name, lines) -> assertThat(REGIONS.put(name, lines))
                                .as("region '%s' is in %s and in another source", name, source)
                                .isNull());
            }
        }
        for (Path file : files()) {
            if (Boolean.getBoolean("kitchen.snippets.write")) {
                SnippetPage.read(file).write(REGIONS);
            }
            PAGES.add(SnippetPage.read(file));
        }
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> pages = Files.list(GUIDE)) {
            return Stream.concat(
                            Stream.of(ROOT.resolve("README.md")),
                            pages.filter(it -> it.toString().endsWith(".md")).sorted())
                    .toList();
        }
    }

    @Test
    void eachBlockOfJavaIsARegionOfASource() {
        List<String> problems = new ArrayList<>();
        PAGES.forEach(page -> problems.addAll(page.problems(REGIONS)));

        assertThat(problems)
                .as("blocks of Java that are not what examples/guide compiles and runs. Change the source, then run"
                        + " ./mvnw verify -pl checks -am -Dkitchen.snippets.write=true -Dtest=SnippetsTest"
                        + " -Dsurefire.failIfNoSpecifiedTests=false and commit the pages")
                .isEmpty();
    }

    @Test
    void eachRegionIsShownOnAPage() {
        TreeSet<String> unused = new TreeSet<>(REGIONS.keySet());
        PAGES.forEach(page -> unused.removeAll(page.names()));

        assertThat(unused).as("regions that no page shows").isEmpty();
        assertThat(REGIONS).hasSizeGreaterThan(30);
    }
}
