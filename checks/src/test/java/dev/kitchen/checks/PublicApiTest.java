package dev.kitchen.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.Kitchen;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is public is written down, small, and changes only on purpose. */
class PublicApiTest {

    private static final int MAX_PUBLIC_TYPES_OF_CORE = 117;
    private static final int MAX_ENTRY_POINTS_OF_THE_BUILDER = 12;

    private static final Path FILE = Path.of(System.getProperty("kitchen.root"), "docs", "api.txt");

    @Test
    void isWhatTheFileSays() throws IOException {
        List<String> actual = new ArrayList<>(List.of(
                "# The public API, one line per type and member. Written by the build, see CONTRIBUTING.md.",
                "# kitchen-core has " + publicTypesOfCore() + " public types of at most " + MAX_PUBLIC_TYPES_OF_CORE
                        + ".",
                ""));
        actual.addAll(PublicApi.lines());
        if (Boolean.getBoolean("kitchen.api.write")) {
            Files.write(FILE, actual);
        }
        List<String> written = Files.exists(FILE) ? Files.readAllLines(FILE) : List.of();

        List<String> added = new ArrayList<>(actual);
        added.removeAll(written);
        List<String> removed = new ArrayList<>(written);
        removed.removeAll(actual);

        assertThat(actual)
                .as(
                        "the public API is not what docs/api.txt says.%nadded: %s%nremoved: %s%nIf it is meant, run"
                                + " ./mvnw verify -pl checks -am -Dkitchen.api.write=true and commit the file",
                        added, removed)
                .isEqualTo(written);
    }

    private static long publicTypesOfCore() {
        return PublicApi.types().stream().filter(PublicApi::isOfCore).count();
    }

    @Test
    void staysWithinItsBudget() {
        assertThat(publicTypesOfCore()).isLessThanOrEqualTo(MAX_PUBLIC_TYPES_OF_CORE);
        assertThat(Arrays.stream(Kitchen.Builder.class.getDeclaredMethods())
                        .filter(it ->
                                Modifier.isPublic(it.getModifiers()) && it.getReturnType() == Kitchen.Builder.class)
                        .map(Method::getName)
                        .distinct())
                .hasSizeLessThanOrEqualTo(MAX_ENTRY_POINTS_OF_THE_BUILDER);
    }
}
