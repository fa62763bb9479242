package dev.kitchen.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.Endpoint;
import dev.kitchen.Kitchen;
import dev.kitchen.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartTest {

    private static final Path MODELS = Path.of("models");

    @TempDir
    Path directory;

    @Test
    void printsInputAnswerProbabilitiesVersionAndTime() {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream standardOut = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            Quickstart.main(new String[] {MODELS.toString()});
        } finally {
            System.setOut(standardOut);
        }

        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("in   input: FLOAT [batch, 4]", "out  probabilities: FLOAT [batch, 3]")
                .containsPattern("\\[5\\.1, 3\\.5, 1\\.4, 0\\.2] -> setosa .*version 1, [\\d,]+ us")
                .containsPattern("\\[6\\.0, 2\\.7, 4\\.3, 1\\.3] -> versicolor .*versicolor \\d+\\.\\d %")
                .containsPattern("\\[6\\.7, 3\\.1, 5\\.8, 2\\.3] -> virginica");
    }

    /** With {@code -Dkitchen.train=true} this writes the committed model anew. */
    @Test
    void trainingAgainGivesTheCommittedModel() throws IOException {
        IrisTraining training = new IrisTraining();
        Path trained = Files.write(directory.resolve("iris.onnx"), training.onnx());
        if (Boolean.getBoolean("kitchen.train")) {
            Files.copy(trained, MODELS.resolve("iris.onnx"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }

        assertThat(training.heldOutAccuracy()).isGreaterThan(0.9);
        Tensor flowers = Tensor.ofRows(new float[][] {{5.1f, 3.5f, 1.4f, 0.2f}, {6.2f, 2.8f, 4.8f, 1.8f}});
        assertThat(probabilities(trained, flowers))
                .containsExactly(probabilities(MODELS.resolve("iris.onnx"), flowers), Offset.offset(1e-5f));
    }

    private static float[] probabilities(Path model, Tensor flowers) {
        try (Kitchen kitchen = Kitchen.open(model)) {
            Endpoint iris = kitchen.endpoint("iris");
            return iris.predict("input", flowers).tensor("probabilities").toFloatArray();
        }
    }
}
