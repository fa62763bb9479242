package dev.kitchen.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every way of asking, and swaps, all at once and for long: no wrong answer, and memory that stays flat. */
class SoakTest {

    private static final Logger LOGGER = LoggerFactory.getLogger(SoakTest.class);
    private static final Pattern RESIDENT = Pattern.compile("resident before=(\\d+) after=(\\d+)");

    @TempDir
    Path directory;

    @Test
    void eightCallersOfEveryKindGetTheAnswersOfTheVersionsTheyName() throws Exception {
        soak(2, 5);
    }

    @Test
    @Tag("proof")
    @Timeout(value = 7, unit = TimeUnit.MINUTES)
    void eightCallersOfEveryKindGetTheAnswersOfTheVersionsTheyNameForFiveMinutes() throws Exception {
        Matcher resident = soak(30, 300);

        long before = Long.parseLong(resident.group(1));
        assertThat(Long.parseLong(resident.group(2))).isLessThan(before + before / 20);
    }

    private Matcher soak(int warmUp, int seconds) throws Exception {
        assumeTrue(ResidentMemory.isKnown(), "resident memory is read from /proc");

        ForkedJvm.Result result = ForkedJvm.of(Soak.class)
                .withFlags("-Xms128m", "-Xmx128m", "-XX:+AlwaysPreTouch", "-XX:MaxDirectMemorySize=16m")
                .withArguments(directory.toString(), Integer.toString(warmUp), Integer.toString(seconds))
                .withTimeout(Duration.ofSeconds(seconds + 60L))
                .run();

        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(result.output())
                .containsPattern("plain=[1-9]\\d* typed=[1-9]\\d* bound=[1-9]\\d* async=[1-9]\\d*")
                .containsPattern("stopped=[1-9]\\d* swaps=[1-9]");
        Matcher resident = RESIDENT.matcher(result.output());
        assertThat(resident.find()).as(result.output()).isTrue();
        LOGGER.warn(
                "soak, {} s: {}",
                seconds,
                result.output().substring(resident.start()).strip().replace('\n', ' '));
        return resident;
    }
}
