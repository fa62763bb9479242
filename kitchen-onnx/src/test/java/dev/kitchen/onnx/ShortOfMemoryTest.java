package dev.kitchen.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.kitchen.onnx.OnnxOptions.Api;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What is left when native memory ran out: typed errors meanwhile, and right answers afterwards. */
@EnabledOnOs(OS.LINUX)
class ShortOfMemoryTest {

    @TempDir
    Path directory;

    @Test
    void runsThroughTheCApiFailTypedAndLeaveRightAnswers() throws Exception {
        assumeTrue(RuntimeChoice.foreign().api().isPresent(), "the C API is not used here");
        run(Api.C);
    }

    @Test
    void runsThroughTheJavaApiFailTypedAndLeaveRightAnswers() throws Exception {
        run(Api.JAVA);
    }

    private void run(Api api) throws Exception {
        ForkedJvm.Result result = ForkedJvm.of(ShortOfMemory.class)
                .withFlags("-Xmx64m", "-XX:MaxDirectMemorySize=1g", "-XX:ReservedCodeCacheSize=16m")
                .withArguments(model().toString(), api.name())
                .withMemoryLimit(3_000_000)
                .withTimeout(Duration.ofMinutes(4))
                .run();

        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(Integer.parseInt(result.value("answers"))).isGreaterThanOrEqualTo(30);
        assertThat(Integer.parseInt(result.value("failures"))).isPositive();
    }

    private Path model() throws IOException {
        GraphProto graph = GraphProto.newBuilder()
                .setName("g")
                .addInput(TestModels.tensor("x", TestModels.FLOAT, "n", 4))
                .addInitializer(TensorProto.newBuilder()
                        .setName("repeats")
                        .setDataType(TensorProto.DataType.INT64_VALUE)
                        .addDims(2)
                        .addInt64Data(1)
                        .addInt64Data(64))
                .addNode(TestModels.node("Tile", "y", "x", "repeats"))
                .addOutput(TestModels.tensor("y", TestModels.FLOAT, "n", 256))
                .build();
        return TestModels.write(directory, "m", TestModels.model(graph));
    }
}
