package dev.kitchen.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.Endpoint;
import dev.kitchen.Kitchen;
import dev.kitchen.PreflightReport;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.onnx.OnnxBackend;
import dev.kitchen.onnx.OnnxOptions;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.Prediction;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.testkit.RecordingListener;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The snippets of docs/guide/getting-started.md, and the first one of README.md. */
class GettingStartedTest {

    @Test
    void opensADirectoryAndPredicts() {
        // snippet: readme-predict
        try (Kitchen kitchen = Kitchen.open(Path.of("models"))) { // a model file, or a directory of them
            Endpoint iris = kitchen.endpoint("iris"); // models/iris.onnx
            System.out.println(iris.signature()); // inputs and outputs: names, types, shapes

            Tensor flower = Tensor.ofRows(new float[][] {{5.1f, 3.5f, 1.4f, 0.2f}});
            Prediction prediction = iris.predict("input", flower, CallOptions.timeLimit(Duration.ofSeconds(2)));

            float[] probabilities = prediction.tensor("probabilities").toFloatArray();
            System.out.println(Arrays.toString(probabilities) + " from version " + prediction.version());
        }
        // end
    }

    @Test
    void opensWithSettings() {
        RecordingListener myListener = new RecordingListener();
        // snippet: getting-started-open
        Kitchen kitchen = Kitchen.builder()
                .models(Path.of("models"))
                .timeLimit(Duration.ofSeconds(2))
                .drainLimit(Duration.ofSeconds(10))
                .asyncThreads(8)
                .listener(myListener)
                .backend(new OnnxBackend(OnnxOptions.defaults().withIntraOpThreads(1)))
                .open();
        // end
        kitchen.close();
        assertThat(myListener.loads()).hasSize(1);
    }

    @Test
    void predicts() {
        Tensor tensor = Tensor.ofRows(new float[][] {{5.1f, 3.5f, 1.4f, 0.2f}});
        try (Kitchen kitchen = Kitchen.open(Path.of("models"))) {
            // snippet: getting-started-predict
            Endpoint endpoint = kitchen.endpoint("iris");

            // One input, or several by name.
            Prediction prediction = endpoint.predict("input", tensor);
            Prediction same = endpoint.predict(Map.of("input", tensor));

            // Only some of the outputs; the model may skip the work for the others.
            CallOptions options = CallOptions.requestedOutputs("probabilities");
            Prediction some = endpoint.predict("input", tensor, options);

            // On a thread of the kitchen.
            CompletableFuture<Prediction> later = endpoint.predictAsync("input", tensor);
            // end
            assertThat(List.of(same, some, later.join()))
                    .extracting(Prediction::outputs)
                    .containsOnly(prediction.outputs());

            // snippet: getting-started-read
            float[] scores = prediction.tensor("probabilities").toFloatArray();
            Duration duration = prediction.duration();
            String version = prediction.version();
            // end
            assertThat(scores).hasSize(3);
            assertThat(duration).isPositive();
            assertThat(version).isEqualTo("1");
        }
    }

    @Test
    void namesTheInputThatDoesNotFit() {
        try (Kitchen kitchen = Kitchen.open(Path.of("models"))) {
            Endpoint iris = kitchen.endpoint("iris");

            assertThatThrownBy(() -> iris.predict("input", Tensor.ofRows(new float[][] {{5.1f, 3.5f, 1.4f}})))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessage("endpoint 'iris', version '1': input 'input' has shape [1, 3], expected [-1, 4]");
        }
    }

    @Test
    void looksTheMachineOver() {
        // snippet: preflight
        PreflightReport report = Kitchen.preflight();
        System.out.println(report);
        if (!report.isReady()) {
            throw new IllegalStateException("this machine cannot run models");
        }
        // end
    }
}
