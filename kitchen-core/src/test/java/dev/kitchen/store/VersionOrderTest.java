package dev.kitchen.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.registry.VersionInfo;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class VersionOrderTest {

    private static VersionInfo version(String name) {
        return VersionInfo.builder("m", name, Path.of(name)).build();
    }

    private static VersionInfo version(String name, long secondsAfterEpoch) {
        return VersionInfo.builder("m", name, Path.of(name))
                .createdAt(Instant.ofEpochSecond(secondsAfterEpoch))
                .build();
    }

    private static List<String> names(List<VersionInfo> versions) {
        return versions.stream().map(VersionInfo::version).toList();
    }

    /** The versions are found in the order in which they are written here, however they come. */
    private static void areInOrder(String... oldestFirst) {
        for (int seed = 0; seed < 20; seed++) {
            List<VersionInfo> shuffled = new ArrayList<>(
                    Stream.of(oldestFirst).map(VersionOrderTest::version).toList());
            Collections.shuffle(shuffled, new Random(seed));

            assertThat(names(VersionOrder.oldestFirst(shuffled))).containsExactly(oldestFirst);
        }
    }

    @Test
    void numbersAreInTheOrderOfTheirValues() {
        areInOrder("1", "2", "10", "99999999999999999999");
    }

    @Test
    void semanticVersionsAreInTheOrderOfTheirNumbers() {
        areInOrder("0.9", "v1.0.1", "1.2", "1.10", "2");
    }

    @Test
    void preReleasesComeBeforeTheirRelease() {
        areInOrder("0.9", "1.0-2", "1.0-10", "1.0-alpha", "1.0-alpha.1", "1.0-alpha.beta", "1.0-beta", "1.0", "1.0.1");
    }

    @Test
    void buildsOfAVersionAreOfTheSameAge() {
        List<VersionInfo> builds = List.of(version("1.0+b"), version("1.0.0+a"), version("v1+c"));

        assertThat(names(VersionOrder.oldestFirst(builds))).containsExactly("1.0+b", "1.0.0+a", "v1+c");
    }

    @Test
    void wordsAreInTheOrderOfTheirRegistration() {
        List<VersionInfo> mixed = List.of(version("1", 30), version("apple", 10), version("pear", 20));

        assertThat(names(VersionOrder.oldestFirst(mixed))).containsExactly("apple", "pear", "1");
    }

    @Test
    void ofThoseRegisteredAtTheSameMomentWordsAreOlderThanNumbers() {
        areInOrder("apple", "pear", "1.5", "2", "10");
    }
}
