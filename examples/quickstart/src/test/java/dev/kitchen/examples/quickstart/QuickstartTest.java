package dev.kitchen.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.ModelLoadException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartTest {

    @Test
    void printsInputAnswerProbabilitiesVersionAndTime() {
        String printed = printedBy(() -> Quickstart.main(new String[0]));

        assertThat(printed)
                .contains("in   input: FLOAT [batch, 4]", "out  probabilities: FLOAT [batch, 3]")
                .contains("[sepalLength, sepalWidth, petalLength, petalWidth]")
                .containsPattern("input +answer +setosa +versicolor +virginica +version +time")
                .containsPattern("\\[5\\.1, 3\\.5, 1\\.4, 0\\.2] +setosa +(9\\d|100)\\.\\d % .* 1 +[\\d,.]+ us")
                .containsPattern("\\[6\\.0, 2\\.7, 4\\.3, 1\\.3] +versicolor +0\\.\\d % +9\\d\\.\\d % ")
                .containsPattern("\\[6\\.7, 3\\.1, 5\\.8, 2\\.3] +virginica +0\\.\\d % +0\\.\\d % +9\\d\\.\\d % ")
                .containsPattern("Median of 20000 more: [\\d,.]+ us");
    }

    @Test
    void saysWhereItLookedForModels(@TempDir Path directory) {
        Path nowhere = directory.resolve("nowhere");

        assertThatThrownBy(() -> Quickstart.main(new String[] {nowhere.toString()}))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining(nowhere + ": does not exist, expected a model file or a directory");
    }

    private static String printedBy(Runnable program) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream standardOut = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            program.run();
        } finally {
            System.setOut(standardOut);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }
}
