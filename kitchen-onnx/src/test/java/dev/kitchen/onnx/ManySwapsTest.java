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

/** Versions that come and go under very many calls leave nothing behind. */
class ManySwapsTest {

    private static final Logger LOGGER = LoggerFactory.getLogger(ManySwapsTest.class);
    private static final Pattern RESIDENT = Pattern.compile("resident before=(\\d+) after=(\\d+)");

    @TempDir
    Path directory;

    @Test
    void everyCallIsAnsweredByTheNewestVersion() throws Exception {
        assertThat(swaps(20_000, 2_000).find()).isTrue();
    }

    @Test
    @Tag("proof")
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void memoryStaysFlatOverTenMillionCallsAndAHundredSwaps() throws Exception {
        Matcher resident = swaps(10_000_000, 100_000);

        assertThat(resident.find()).isTrue();
        long before = Long.parseLong(resident.group(1));
        assertThat(Long.parseLong(resident.group(2))).isLessThan(before + before / 20);
    }

    private Matcher swaps(int calls, int callsPerSwap) throws Exception {
        assumeTrue(ResidentMemory.isKnown(), "resident memory is read from /proc");

        ForkedJvm.Result result = ForkedJvm.of(ManySwaps.class)
                .withFlags("-Xms128m", "-Xmx128m", "-XX:+AlwaysPreTouch", "-XX:MaxDirectMemorySize=16m")
                .withArguments(directory.toString(), Integer.toString(calls), Integer.toString(callsPerSwap))
                .withTimeout(Duration.ofMinutes(9))
                .run();

        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(result.output()).contains("swaps=" + calls / callsPerSwap);
        LOGGER.warn("many swaps: {}", result.output().strip().replace('\n', ' '));
        return RESIDENT.matcher(result.output());
    }
}
