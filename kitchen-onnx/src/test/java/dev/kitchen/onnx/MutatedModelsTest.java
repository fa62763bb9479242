package dev.kitchen.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.TensorProto;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** No wrong byte in a model kills the JVM. */
class MutatedModelsTest {

    private static final Logger LOGGER = LoggerFactory.getLogger(MutatedModelsTest.class);

    /** Trees are left out: wrong bytes can make one a ring, and ONNX Runtime walks it for ever. */
    private static final List<String> REAL = List.of(
            "sigmoid-345/model.onnx",
            "label-encoder/LabelEncoder.onnx",
            "multitype/example_multitype.onnx",
            "int8-qdq-conv/conv_qdq_s8s8_perchannel.onnx",
            "mnist-cntk/mnist.onnx",
            "triton-simple-string/model.onnx");

    @TempDir
    Path directory;

    @Test
    void theJvmSurvivesModelsWithWrongBytes() throws Exception {
        survives(6, List.of());
    }

    @Test
    @Tag("proof")
    void theJvmSurvivesRealModelsWithWrongBytes() throws Exception {
        Path shared = SharedCases.directory("onnx");
        survives(90, REAL.stream().map(shared::resolve).toList());
    }

    private void survives(int seconds, List<Path> more) throws IOException, InterruptedException {
        long seed =
                Long.getLong("kitchen.fuzz.seed", ThreadLocalRandom.current().nextInt(1 << 20));
        List<Path> models = new ArrayList<>(more);
        models.add(TestModels.classifier(directory, "classifier", 1));
        models.add(TestModels.identity(directory, TensorProto.DataType.STRING));
        List<String> arguments =
                new ArrayList<>(List.of(directory.toString(), Integer.toString(seconds), Long.toString(seed)));
        models.forEach(it -> arguments.add(it.toString()));

        ForkedJvm.Result result = ForkedJvm.of(MutationRun.class)
                .withArguments(arguments.toArray(String[]::new))
                .withTimeout(Duration.ofSeconds(120L + seconds))
                .run();

        LOGGER.warn("mutated models, seed {}: {}", seed, result.output().lines().reduce("", (a, b) -> b));
        assertThat(result.exitCode()).as("seed %s: %s", seed, result.output()).isZero();
        assertThat(result.output()).containsPattern("refused=[1-9]\\d+ ran=[1-9]");
    }
}
