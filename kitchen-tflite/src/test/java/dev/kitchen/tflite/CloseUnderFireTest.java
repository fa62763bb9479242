package dev.kitchen.tflite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An interpreter is never freed under a run, nor its model under an interpreter. */
class CloseUnderFireTest {

    private static final Logger LOGGER = LoggerFactory.getLogger(CloseUnderFireTest.class);

    @TempDir
    Path directory;

    @Test
    void survivesClosingAndReopeningUnderSixteenCallers() throws Exception {
        survives(5);
    }

    @Test
    @Tag("proof")
    void survivesClosingAndReopeningUnderSixteenCallersForLong() throws Exception {
        survives(30);
    }

    private void survives(int seconds) throws Exception {
        Path model = TestModels.classifier(directory, "classifier", 1);

        ForkedJvm.Result result =
                ForkedJvm.run(List.of(), CloseUnderFire.class, model.toString(), Integer.toString(seconds));

        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(result.output()).containsPattern("answers=[1-9]\\d+ refusals=\\d+ cycles=[1-9]");
        LOGGER.warn(
                "close under fire, {} s: {}", seconds, result.output().lines().reduce("", (a, b) -> b));
    }
}
