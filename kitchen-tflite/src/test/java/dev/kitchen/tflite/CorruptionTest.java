package dev.kitchen.tflite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Damaged models that run isolated neither end the application nor keep it waiting. */
class CorruptionTest {

    private static final Logger LOGGER = LoggerFactory.getLogger(CorruptionTest.class);
    private static final Pattern COUNTS =
            Pattern.compile("refused=(\\d+) failed=(\\d+) answered=(\\d+) longest=(\\d+) ms");

    @TempDir
    Path directory;

    @Test
    void someDamagedCopiesOfASmallModelAreErrorsOrAnswers() throws Exception {
        survives(12, TestModels.classifier(directory, "classifier", 1));
    }

    @Test
    @Tag("proof")
    void twoHundredDamagedCopiesOfFourModelsAreErrorsOrAnswers() throws Exception {
        survives(50, model("sine-float"), model("mnist-lstm-int8"), model("string-io"), model("mlperf-kws-int8"));
    }

    private static Path model(String directory) throws IOException {
        return SharedCases.model(directory);
    }

    private void survives(int copies, Path... models) throws Exception {
        String[] arguments = new String[models.length + 2];
        arguments[0] = directory.toString();
        arguments[1] = Integer.toString(copies);
        for (int i = 0; i < models.length; i++) {
            arguments[i + 2] = models[i].toString();
        }

        ForkedJvm.Result result =
                ForkedJvm.run(List.of("-Dorg.slf4j.simpleLogger.defaultLogLevel=off"), CorruptionRun.class, arguments);

        assertThat(result.exitCode()).as(result.output()).isZero();
        Matcher counts = COUNTS.matcher(result.output());
        assertThat(counts.find()).as(result.output()).isTrue();
        LOGGER.warn("damaged models, isolated: {}", counts.group());
        int all = Integer.parseInt(counts.group(1))
                + Integer.parseInt(counts.group(2))
                + Integer.parseInt(counts.group(3));
        assertThat(all).isEqualTo(copies * models.length);
    }
}
