package dev.kitchen.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.Endpoint;
import dev.kitchen.Kitchen;
import dev.kitchen.onnx.ExecutionProvider;
import dev.kitchen.onnx.OnnxBackend;
import dev.kitchen.onnx.OnnxOptions;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tflite.TfliteBackend;
import dev.kitchen.tflite.TfliteOptions;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The snippets of docs/guide/native-runtimes.md. */
class NativeRuntimesTest {

    private static final Path DENSE = Path.of("../../kitchen-tflite/src/test/models/dense-classifier/model.tflite");

    @Test
    void setsOptionsOfOnnxRuntime() {
        // snippet: native-onnx
        OnnxOptions options = OnnxOptions.defaults()
                .withIntraOpThreads(1)
                .withExecutionProviders(ExecutionProvider.of("cuda")); // left out with one warning where it is missing
        OnnxOptions fromTexts = OnnxOptions.of(Map.of("intra-op-threads", "1", "execution-providers", "cuda"));
        // end
        assertThat(fromTexts).isEqualTo(options);
        try (Kitchen kitchen = Kitchen.builder()
                .models(Path.of("models"))
                .backend(new OnnxBackend(OnnxOptions.of(Map.of("intra-op-threads", "1"))))
                .open()) {
            assertThat(kitchen.endpoint("iris").metadata().backend()).isEqualTo(OnnxBackend.NAME);
        }
    }

    @Test
    void setsOptionsOfTensorFlowLite() {
        Path models = DENSE;
        // snippet: native-tflite
        TfliteOptions options = TfliteOptions.defaults().withThreads(2).withMaxRuns(4);
        Kitchen kitchen = Kitchen.builder()
                .models(models)
                .backend(new TfliteBackend(options))
                .open();
        // end
        try (kitchen) {
            Endpoint endpoint = kitchen.endpoint("model");
            Tensor row = Tensor.of(new float[] {0.5f, -1.25f, 2, 0.75f}, 1, 4);

            assertThat(endpoint.predict("x", row).tensor("label").longAt(0)).isEqualTo(2);
        }
    }

    @Test
    void isolatesModelsOfStrangers() {
        // snippet: native-isolation
        TfliteOptions isolated = TfliteOptions.defaults()
                .withIsolation(TfliteOptions.Isolation.PROCESS)
                .withInputShape("x", Shape.of(-1, 4)); // any number of rows
        // end
        assertThat(isolated.isolation()).isEqualTo(TfliteOptions.Isolation.PROCESS);
    }
}
