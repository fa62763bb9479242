package dev.kitchen.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.Endpoint;
import dev.kitchen.Kitchen;
import dev.kitchen.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IrisTrainingTest {

    private static final Path COMMITTED = Path.of("models", "iris.onnx");

    private final IrisTraining training = new IrisTraining();

    @TempDir
    Path directory;

    IrisTrainingTest() throws IOException {}

    /** With {@code -Dkitchen.train=true} the committed model is written anew first. */
    @BeforeAll
    static void trainIfAsked() throws IOException {
        if (Boolean.getBoolean("kitchen.train")) {
            IrisTraining training = new IrisTraining();
            Files.write(COMMITTED, training.onnx());
            System.out.printf("wrote %s, held-out accuracy %.3f%n", COMMITTED, training.heldOutAccuracy());
        }
    }

    @Test
    void trainingAgainGivesTheCommittedAnswers() throws IOException {
        Path again = Files.write(directory.resolve("iris.onnx"), training.onnx());

        // Not the same bytes: the last bit of an exponential is the JVM's and the processor's own choice.
        assertThat(probabilities(again)).containsExactly(probabilities(COMMITTED), Offset.offset(1e-5f));
    }

    @Test
    void theSameTrainingGivesTheSameBytes() throws IOException {
        assertThat(new IrisTraining().onnx()).isEqualTo(training.onnx());
    }

    @Test
    void tellsNineOfTenFlowersItHasNotSeen() {
        assertThat(training.heldOutAccuracy()).isGreaterThanOrEqualTo(0.9);
    }

    @Test
    void theModelSaysWhatItsColumnsMean() {
        try (Kitchen kitchen = Kitchen.open(COMMITTED)) {
            Endpoint iris = kitchen.endpoint("iris");

            assertThat(iris.metadata().custom())
                    .containsEntry("kitchen.features", "sepalLength,sepalWidth,petalLength,petalWidth")
                    .containsEntry("kitchen.labels", "setosa,versicolor,virginica")
                    .hasSize(2);
        }
    }

    private float[] probabilities(Path model) {
        try (Kitchen kitchen = Kitchen.open(model)) {
            return kitchen.endpoint("iris")
                    .predict("input", Tensor.ofRows(training.flowers()))
                    .tensor("probabilities")
                    .toFloatArray();
        }
    }
}
