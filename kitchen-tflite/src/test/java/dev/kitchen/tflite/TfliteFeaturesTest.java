package dev.kitchen.tflite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.Endpoint;
import dev.kitchen.Kitchen;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.ModelLoadException;
import dev.kitchen.predict.CallContext;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.Prediction;
import dev.kitchen.spi.InferenceSession;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import dev.kitchen.testkit.Callers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What TensorFlow Lite's models can do beyond what every backend promises. */
class TfliteFeaturesTest {

    @TempDir
    Path directory;

    private static Kitchen open(Path model, TfliteOptions options) {
        return Kitchen.builder()
                .models(model)
                .backend(new TfliteBackend(options))
                .open();
    }

    @Test
    void servesTheSignatureThatIsAskedFor() throws IOException {
        Path model = TestModels.twoSignatures().write(directory, "two");

        assertThat(answer(model, TfliteOptions.defaults())).isEqualTo(5);
        assertThat(answer(model, TfliteOptions.builder().signatureKey("add").build()))
                .isEqualTo(5);
        assertThat(answer(model, TfliteOptions.builder().signatureKey("sub").build()))
                .isEqualTo(1);
        assertThatThrownBy(() -> answer(
                        model, TfliteOptions.builder().signatureKey("mul").build()))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("has no signature 'mul', expected one of [add, sub]");
    }

    private static float answer(Path model, TfliteOptions options) {
        try (Kitchen kitchen = open(model, options)) {
            Endpoint endpoint = kitchen.endpoint("two");
            Tensor many =
                    endpoint.predict("x", Tensor.of(new float[] {3, 3}, 2)).tensor("y");
            assertThat(many.elementCount()).isEqualTo(2);
            return endpoint.predict("x", Tensor.of(new float[] {3}, 1))
                    .tensor("y")
                    .floatAt(0);
        }
    }

    @Test
    void givesBackEveryTypeAndResizes() throws IOException {
        for (ElementType type : List.of(
                ElementType.FLOAT32,
                ElementType.INT8,
                ElementType.UINT8,
                ElementType.INT16,
                ElementType.INT32,
                ElementType.INT64,
                ElementType.BOOL,
                ElementType.STRING)) {
            Path model = TestModels.flatten(type).write(directory, "flatten-" + type);
            try (Kitchen kitchen = open(model, TfliteOptions.defaults())) {
                for (int rows : new int[] {1, 3, 2, 1}) {
                    Tensor input = rows(type, rows);
                    Tensor output = kitchen.endpoint("flatten-" + type)
                            .predict("x", input)
                            .tensor("y");

                    assertThat(output).isEqualTo(input.reshape(2L * rows));
                }
            }
        }
    }

    private static Tensor rows(ElementType type, int rows) {
        if (type == ElementType.STRING) {
            String[] texts = new String[2 * rows];
            for (int i = 0; i < texts.length; i++) {
                texts[i] = i % 2 == 0 ? "" : "schön " + i + " \uD83C\uDF7D";
            }
            return Tensor.ofStrings(texts, rows, 2);
        }
        if (type == ElementType.BOOL) {
            boolean[] flags = new boolean[2 * rows];
            flags[1] = true;
            return Tensor.of(flags, rows, 2);
        }
        long[] numbers = new long[2 * rows];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = i + 1L;
        }
        return Tensor.of(numbers, rows, 2).convertTo(type.dataType().orElseThrow());
    }

    @Test
    void aShapeTheModelDoesNotAllowIsAnErrorAndTheNextCallIsAnswered() throws IOException {
        try (InferenceSession session = new TfliteBackend().load(TestModels.classifier(directory, "classifier", 1))) {
            CallContext context = new CallContext(0, CallContext.NO_DEADLINE);
            NamedValues wrong = NamedValues.of("x", Tensor.of(new float[3], 1, 3));
            NamedValues right = NamedValues.of("x", Tensor.of(new float[4], 1, 4));

            assertThatThrownBy(() -> session.run(wrong, List.of("y"), context))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("input 'x' has shape [1, 3], which TensorFlow Lite refuses");
            assertThat(session.run(right, List.of("y"), context).tensor("y").shape())
                    .isEqualTo(Shape.of(1, 3));
        }
    }

    @Test
    void anOldModelTakesTheShapesItsUserNames() throws IOException {
        ModelSketch sketch = new ModelSketch();
        int x = sketch.tensor("x", ElementType.FLOAT32, ModelSketch.ints(1, 2));
        int y = sketch.tensor("y", ElementType.FLOAT32, ModelSketch.ints(1, 2));
        Path model = sketch.operator(TestModels.ADD, ModelSketch.ints(x, x), y)
                .graph(ModelSketch.ints(x), y)
                .write(directory, "old");
        Tensor rows = Tensor.ofRows(new float[][] {{1, 2}, {3, 4}});
        try (Kitchen strict = open(model, TfliteOptions.defaults());
                Kitchen named = open(
                        model,
                        TfliteOptions.builder().inputShape("x", Shape.of(-1, 2)).build())) {
            assertThatThrownBy(() -> strict.endpoint("old").predict("x", rows))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("has shape [2, 2], expected [1, 2]");
            assertThat(named.endpoint("old").predict("x", rows).tensor("y")).isEqualTo(Tensor.ofRows(new float[][] {
                {2, 4}, {6, 8}
            }));
        }
    }

    @Test
    void aRunSeesNothingOfTheRunBefore() throws IOException {
        try (Kitchen kitchen = open(TestModels.remembering().write(directory, "rnn"), TfliteOptions.defaults())) {
            Tensor one = Tensor.of(new float[] {1}, 1, 1);
            for (int i = 0; i < 3; i++) {
                assertThat(kitchen.endpoint("rnn").predict("x", one).tensor("y").floatAt(0))
                        .isEqualTo(1);
            }
        }
    }

    @Test
    void callersWaitForAnInterpreterAndLeaveWhenTheirTimeIsOver() throws Exception {
        Path model = TestModels.slow(directory, 400);
        Tensor x = Tensor.of(new float[512 * 512], 512, 512);
        try (Kitchen kitchen = open(model, TfliteOptions.builder().maxRuns(1).build())) {
            Endpoint endpoint = kitchen.endpoint("slow");
            Value expected = endpoint.predict("x", x).outputs().value(0);

            Callers.run(4, caller -> {
                if (caller % 2 == 0) {
                    assertThat(endpoint.predict("x", x).outputs().value(0)).isEqualTo(expected);
                } else {
                    assertThatThrownBy(() -> endpoint.predict("x", x, CallOptions.timeLimit(Duration.ofMillis(1))))
                            .isInstanceOf(dev.kitchen.error.DeadlineExceededException.class);
                }
            });
        }
    }

    @Test
    @Timeout(60)
    void cancellingAFutureStopsItsRunAndLeavesTheInterpreterToTheNext() throws Exception {
        Tensor x = Tensor.of(new float[512 * 512], 512, 512);
        try (Kitchen kitchen = open(
                TestModels.slow(directory, 2_000),
                TfliteOptions.builder().maxRuns(1).build())) {
            Endpoint endpoint = kitchen.endpoint("slow");
            CompletableFuture<Prediction> run = endpoint.predictAsync(Map.of("x", x));
            while (endpoint.statistics().get(0).running() == 0 && !run.isDone()) {
                Thread.onSpinWait();
            }

            run.cancel(false);

            assertThat(endpoint.predict("x", x).outputs().value(0)).isEqualTo(x);
            assertThat(endpoint.statistics().get(0).answers()).isEqualTo(1);
        }
    }

    @Test
    void takesArraysAndLists() throws IOException {
        try (Kitchen kitchen = Kitchen.open(TestModels.classifier(directory, "classifier", 1))) {
            Endpoint endpoint = kitchen.endpoint("classifier");
            Tensor expected = endpoint.predict("x", Tensor.of(new float[] {1, 2, 3, 4}, 1, 4))
                    .tensor("y");

            assertThat(endpoint.predict("x", Tensor.fromArray(new float[][] {{1, 2, 3, 4}}))
                            .tensor("y"))
                    .isEqualTo(expected);
            assertThat(endpoint.predict("x", Tensor.fromArray(List.of(List.of(1f, 2f, 3f, 4f))))
                            .tensor("y")
                            .toArray(float[][].class))
                    .isEqualTo(expected.toArray());
        }
    }

    @Test
    void describesWhatAPersonWantsToKnow() throws IOException {
        ModelSketch sketch = new ModelSketch();
        int x = sketch.tensor("x", ElementType.INT8, ModelSketch.ints(1, 2));
        sketch.quantized(new float[] {0.25f}, new long[] {-3}, 0);
        Path model = sketch.graph(ModelSketch.ints(x), x).write(directory, "quantized");
        try (Kitchen kitchen = Kitchen.open(model)) {
            assertThat(kitchen.endpoint("quantized").describe())
                    .startsWith(
                            "endpoint 'quantized', version '1', tflite\nin   x: INT8 [1, 2], 0.25 * (integer + 3)\n")
                    .contains("bytes: " + Files.size(model), "delegate: XNNPACK");
        }
        try (Kitchen kitchen = Kitchen.open(TestModels.classifier(directory, "classifier", 1))) {
            assertThat(kitchen.endpoint("classifier").describe())
                    .contains("operators: ARG_MAX x1, FULLY_CONNECTED x1, SOFTMAX x1", "description: made by a test");
        }
    }

    @Test
    void tellsOperatorsAndQuantization() throws IOException {
        ModelSketch sketch = new ModelSketch();
        int x = sketch.tensor("x", ElementType.INT8, ModelSketch.ints(1, 2));
        sketch.quantized(new float[] {0.25f}, new long[] {-3}, 0);
        Path model = sketch.graph(ModelSketch.ints(x), x).write(directory, "quantized");
        try (InferenceSession session = new TfliteBackend().load(model)) {
            assertThat(session.metadata().custom()).containsEntry("kitchen.quantization.x", "0.25 -3");
        }
        try (InferenceSession session = new TfliteBackend().load(TestModels.classifier(directory, "classifier", 1))) {
            assertThat(session.metadata().custom())
                    .containsEntry("tflite.operators", "ARG_MAX x1, FULLY_CONNECTED x1, SOFTMAX x1")
                    .containsEntry("tflite.signature", "serving_default")
                    .containsEntry("tflite.delegate", "XNNPACK");
            assertThat(session.metadata().description()).isEqualTo("made by a test");
        }
    }

    @Test
    void anOperatorOfAVersionFromTheFutureIsNamed() throws IOException {
        ModelSketch sketch = new ModelSketch();
        int x = sketch.tensor("x", ElementType.FLOAT32, ModelSketch.ints(2));
        int y = sketch.tensor("y", ElementType.FLOAT32, ModelSketch.ints(2));
        Path model = sketch.operator(
                        TestModels.ADD, 99, ModelSketch.ints(x, x), ModelSketch.ints(y), 0, new FlatSketch.Table())
                .graph(ModelSketch.ints(x), y)
                .write(directory, "future");

        assertThatThrownBy(() -> new TfliteBackend().load(model).close())
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("operator ADD of version 99 is unknown to TensorFlow Lite 2.21");
    }

    @Test
    void aTypeNoTensorHasIsRefused() throws IOException {
        ModelSketch sketch = new ModelSketch();
        int x = sketch.tensor("x", ElementType.COMPLEX64, ModelSketch.ints(2));
        Path model = sketch.graph(ModelSketch.ints(x), x).write(directory, "complex");

        assertThatThrownBy(() -> Kitchen.open(model).close())
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("input 'x' is of type COMPLEX64");
    }
}
