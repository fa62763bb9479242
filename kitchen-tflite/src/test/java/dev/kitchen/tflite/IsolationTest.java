package dev.kitchen.tflite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.Endpoint;
import dev.kitchen.Kitchen;
import dev.kitchen.error.DeadlineExceededException;
import dev.kitchen.error.InferenceException;
import dev.kitchen.error.ModelLoadException;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.spi.Backend;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tflite.TfliteOptions.Isolation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What ends a process is an exception here, and the next call finds another process. */
class IsolationTest {

    private static final CallOptions FIVE_SECONDS = CallOptions.timeLimit(Duration.ofSeconds(5));

    @TempDir
    Path directory;

    static Backend isolated() {
        return new TfliteBackend(TfliteOptions.builder()
                .isolation(Isolation.PROCESS)
                .maxRuns(1)
                .isolationLimit(Duration.ofSeconds(20))
                .build());
    }

    private static Kitchen open(Path model) {
        return Kitchen.builder().models(model).backend(isolated()).open();
    }

    @Test
    void answersAsInThisProcess() throws IOException {
        Path model = TestModels.classifier(directory, "classifier", 1);
        Tensor input = Tensor.ofRows(new float[][] {{1, 2, 3, 4}, {4, 3, 2, 1}});
        try (Kitchen apart = open(model);
                Kitchen here = Kitchen.open(model)) {
            assertThat(apart.endpoint("classifier").predict("x", input).outputs())
                    .isEqualTo(here.endpoint("classifier").predict("x", input).outputs());
        }
    }

    @Test
    void aModelThatEndsItsProcessWhileItIsLoadedIsRefused() throws IOException {
        Path blockwise = TestModels.blockwise().write(directory, "blockwise");
        Path unscaled = TestModels.unscaled().write(directory, "unscaled");

        for (Path model : new Path[] {blockwise, unscaled}) {
            assertThatThrownBy(() -> open(model))
                    .isInstanceOf(ModelLoadException.class)
                    .hasMessageContaining("ended with exit code");
        }
    }

    @Test
    void anInputThatEndsTheProcessIsAnErrorAndTheNextCallIsAnswered() throws IOException {
        Path model = TestModels.topKAtRunTime().write(directory, "topk");
        try (Kitchen kitchen = open(model)) {
            Endpoint endpoint = kitchen.endpoint("topk");
            Tensor x = Tensor.of(new float[] {1, 8, 3, 4, 2, 5, 6, 7}, 1, 8);
            for (int i = 0; i < 5; i++) {
                assertThatThrownBy(() -> endpoint.predict(Map.of("x", x, "k", Tensor.of(new int[] {0})), FIVE_SECONDS))
                        .isInstanceOfAny(InferenceException.class, DeadlineExceededException.class);
                assertThat(endpoint.predict(Map.of("x", x, "k", Tensor.of(new int[] {2})))
                                .tensor("values")
                                .toFloatArray())
                        .containsExactly(8, 7);
            }
        }
    }

    @Test
    void aModelThatWritesPastItsMemoryHarmsOnlyItsProcess() throws IOException {
        Path model = TestModels.narrowSvdf(4096, 16).write(directory, "svdf");
        Path other = TestModels.classifier(directory, "classifier", 1);
        Tensor input = Tensor.ofRows(new float[][] {{1, 2, 3, 4}});
        try (Kitchen kitchen = open(model);
                Kitchen sound = Kitchen.open(other)) {
            var expected = sound.endpoint("classifier").predict("x", input).outputs();
            for (int i = 0; i < 3; i++) {
                harm(kitchen.endpoint("svdf"));

                assertThat(sound.endpoint("classifier").predict("x", input).outputs())
                        .isEqualTo(expected);
            }
        }
    }

    /** Whether the damage is noticed is left to chance: it is done to a heap. */
    private static void harm(Endpoint endpoint) {
        try {
            assertThat(endpoint.predict("x", Tensor.of(new byte[8], 1, 8), FIVE_SECONDS))
                    .isNotNull();
        } catch (InferenceException | DeadlineExceededException e) {
            assertThat(e).hasMessageContaining("svdf");
        }
    }

    @Test
    void aRunWhoseTimeIsOverIsStoppedWhateverItDoes() throws IOException {
        try (Kitchen kitchen = open(TestModels.slow(directory, 4_000))) {
            Endpoint endpoint = kitchen.endpoint("slow");
            Tensor x = Tensor.of(new float[512 * 512], 512, 512);

            assertThatThrownBy(() -> endpoint.predict("x", x, CallOptions.timeLimit(Duration.ofMillis(50))))
                    .isInstanceOf(DeadlineExceededException.class);
        }
    }

    @Test
    void theFileIsNotNeededForTheNextProcess() throws IOException {
        Path model = TestModels.topKAtRunTime().write(directory, "topk");
        try (Kitchen kitchen = open(model)) {
            Endpoint endpoint = kitchen.endpoint("topk");
            Files.delete(model);
            Tensor x = Tensor.of(new float[8], 1, 8);
            assertThatThrownBy(() -> endpoint.predict(
                            Map.of("x", x, "k", Tensor.of(new int[] {2})), CallOptions.timeLimit(Duration.ofNanos(1))))
                    .isInstanceOf(DeadlineExceededException.class);

            assertThat(endpoint.predict(Map.of("x", x, "k", Tensor.of(new int[] {2}))))
                    .isNotNull();
        }
    }
}
