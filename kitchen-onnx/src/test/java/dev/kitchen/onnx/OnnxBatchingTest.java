package dev.kitchen.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.kitchen.Endpoint;
import dev.kitchen.EndpointOptions;
import dev.kitchen.Kitchen;
import dev.kitchen.batch.BatchingConfig;
import dev.kitchen.observe.BatchEvent;
import dev.kitchen.predict.Prediction;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.testkit.Callers;
import dev.kitchen.testkit.RecordingListener;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Batches run by ONNX Runtime answer what rows answer alone; what is not in rows is not batched. */
@Timeout(120)
class OnnxBatchingTest {

    private static final int CALLERS = 8;

    @TempDir
    Path directory;

    private final RecordingListener listener = new RecordingListener();

    private Kitchen open(Path model) {
        BatchingConfig whenFull = BatchingConfig.builder()
                .delay(Duration.ofDays(1))
                .aloneBelow(Duration.ZERO)
                .maxItems(CALLERS)
                .concurrentRuns(1)
                .build();
        return Kitchen.builder()
                .models(model)
                .backend(new OnnxBackend())
                .listener(listener)
                .endpoint(
                        EndpointOptions.ALL,
                        EndpointOptions.builder().batching(whenFull).build())
                .open();
    }

    @Test
    void aClassifierAnswersInABatchWhatItAnswersAlone() throws Exception {
        check(TestModels.classifier(directory, "iris", 1), "iris", 4);
    }

    @Test
    void aPerceptronAnswersInABatchWhatItAnswersAlone() throws Exception {
        GraphProto mlp = GraphProto.newBuilder()
                .setName("mlp")
                .addInput(TestModels.tensor("x", TestModels.FLOAT, "batch", 784))
                .addInitializer(TestModels.randomMatrix("w1", 784, 128, 1))
                .addInitializer(TestModels.randomMatrix("w2", 128, 10, 2))
                .addNode(TestModels.node("MatMul", "h", "x", "w1"))
                .addNode(TestModels.node("Relu", "r", "h"))
                .addNode(TestModels.node("MatMul", "y", "r", "w2"))
                .addOutput(TestModels.tensor("y", TestModels.FLOAT, "batch", 10))
                .build();
        check(TestModels.write(directory, "mlp", TestModels.model(mlp)), "mlp", 784);
    }

    private void check(Path model, String name, int columns) throws InterruptedException {
        try (Kitchen alone = Kitchen.open(model);
                Kitchen batched = open(model)) {
            Endpoint endpoint = batched.endpoint(name);
            assertThat(endpoint.batchingRefusal()).isEmpty();
            for (int round = 0; round < 5; round++) {
                List<Tensor> rows = rows(round, columns);
                List<Prediction> answers = Callers.results(CALLERS, caller -> endpoint.predict("x", rows.get(caller)));
                for (int i = 0; i < CALLERS; i++) {
                    requireSame(alone.endpoint(name).predict("x", rows.get(i)), answers.get(i));
                }
            }
        }
        assertThat(listener.batches())
                .hasSize(5)
                .extracting(BatchEvent::requests)
                .containsOnly(CALLERS);
    }

    private static List<Tensor> rows(int seed, int columns) {
        Random random = new Random(seed);
        return Stream.generate(() -> {
                    float[] values = new float[columns];
                    for (int i = 0; i < columns; i++) {
                        values[i] = (float) random.nextGaussian();
                    }
                    return Tensor.of(values, 1, columns);
                })
                .limit(CALLERS)
                .toList();
    }

    private static void requireSame(Prediction expected, Prediction actual) {
        assertThat(actual.outputs().names()).isEqualTo(expected.outputs().names());
        for (String name : expected.outputs().names()) {
            double[] wanted = expected.tensor(name).toDoubleArray();
            double[] got = actual.tensor(name).toDoubleArray();
            assertThat(got).hasSameSizeAs(wanted);
            for (int i = 0; i < wanted.length; i++) {
                assertThat(got[i]).isCloseTo(wanted[i], within(1e-5 * Math.max(1, Math.abs(wanted[i]))));
            }
        }
    }

    @Test
    void aFirstDimensionThatIsASequenceIsNotBatched() throws IOException {
        GraphProto sums = GraphProto.newBuilder()
                .setName("sums")
                .addInput(TestModels.tensor("x", TestModels.FLOAT, "length", 4))
                .addInitializer(TensorProto.newBuilder()
                        .setName("axis")
                        .setDataType(TensorProto.DataType.INT32_VALUE)
                        .addInt32Data(0))
                .addNode(TestModels.node("CumSum", "y", "x", "axis"))
                .addOutput(TestModels.tensor("y", TestModels.FLOAT, "length", 4))
                .build();
        try (Kitchen kitchen = open(TestModels.write(directory, "sums", TestModels.model(sums)))) {
            Endpoint endpoint = kitchen.endpoint("sums");

            assertThat(endpoint.batchingRefusal())
                    .hasValueSatisfying(
                            it -> assertThat(it)
                                    .isEqualTo(
                                            "its rows depend on one another: node 'y' (CumSum) computes along the axis of the rows"));
            assertThat(endpoint.predict("x", Tensor.of(new float[] {1, 2, 3, 4}, 1, 4))
                            .tensor("y")
                            .toFloatArray())
                    .containsExactly(1, 2, 3, 4);
        }
    }
}
