package dev.kitchen.tflite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Resident memory stays flat, however long a JVM predicts and reopens. */
class LeakTest {

    private static final Logger LOGGER = LoggerFactory.getLogger(LeakTest.class);
    private static final Pattern RESIDENT = Pattern.compile("resident before=(\\d+) after=(\\d+)");

    @TempDir
    Path directory;

    @Test
    void thousandsOfPredictionsAndSomeReopeningsLeaveMemoryFlat() throws Exception {
        staysFlat(60_000, 40);
    }

    @Test
    @Tag("proof")
    void aMillionPredictionsAndFiveHundredReopeningsLeaveMemoryFlat() throws Exception {
        staysFlat(1_000_000, 500);
    }

    private void staysFlat(int predictions, int cycles) throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/status")), "resident memory is read from /proc");
        Path model = TestModels.classifier(directory, "classifier", 1);

        ForkedJvm.Result result = ForkedJvm.run(
                List.of("-Xms96m", "-Xmx96m", "-XX:+AlwaysPreTouch", "-XX:MaxDirectMemorySize=16m"),
                LeakCheck.class,
                model.toString(),
                Integer.toString(predictions),
                Integer.toString(cycles));

        assertThat(result.exitCode()).as(result.output()).isZero();
        Matcher resident = RESIDENT.matcher(result.output());
        assertThat(resident.find()).as(result.output()).isTrue();
        long before = Long.parseLong(resident.group(1));
        long after = Long.parseLong(resident.group(2));
        LOGGER.warn(
                "leaks: {} predictions, {} reopenings: {} KiB before, {} KiB after",
                predictions,
                cycles,
                before,
                after);
        assertThat(after).isLessThan(before + before / 20);
    }
}
