package dev.kitchen.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.kitchen.Endpoint;
import dev.kitchen.Kitchen;
import dev.kitchen.error.RegistryException;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.Prediction;
import dev.kitchen.registry.DeployRequest;
import dev.kitchen.registry.ModelRegistry;
import dev.kitchen.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One endpoint serves versions in different formats; swaps and roll backs cross them. */
class MixedFormatsTest {

    /** Returns {@code sum}, of {@code a} and {@code b}, as {@link TestModels#sum} does: one ADD, written by hand. */
    private static final String SUM = """
            IAAAAFRGTDMUACAABAAIAAwAEAAUAAAAGAAcAAAAAAAYAAAAAwAAABgAAAAcAAAAIAAAADAAAAA0AAAANAAAAAEAAAA8
            AAAAAQAAAFQAAAAOAAAAbWFkZSBieSBhIHRlc3QAAAEAAABYAAAAAAAAAAAAAAAMABAABAAAAAgADAAMAAAAAAAAAAEA
            AAAAAAAADgAYAAQACAAMABAAFAAAABAAAAAgAAAALAAAADQAAAA4AAAAPAAAAAQABAAAAAAACAAAAAMAAABIAAAAdAAA
            AKAAAAACAAAAAAAAAAEAAAABAAAAAgAAAAEAAACsAAAABgAAAGdyYXBoMAAAFAAYAAQACAAMABAAAAAAAAAAFAAUAAAA
            nAAAAAAAAAAAAAAAnAAAAKAAAAAUABgABAAIAAwAEAAAAAAAAAAUAAAAAAAYAAAAjAAAAAAAAAAAAAAAjAAAAJAAAAAU
            ABgABAAIAAwAEAAAAAAAAAAUAAAAAAAYAAAAfAAAAAAAAAAAAAAAfAAAAIAAAAAOABgABAAIAAwAEAAUAAAAEAAAAAAA
            AABwAAAAeAAAAAsAAAB8AAAAAgAAAAEAAAABAAAAAQAAAGEAAAACAAAA/////wEAAAACAAAAAQAAAAEAAAABAAAAYgAA
            AAIAAAD/////AQAAAAIAAAABAAAAAQAAAAMAAABzdW0AAgAAAP////8BAAAAAgAAAAAAAAABAAAAAQAAAAIAAAAEAAQA
            BAAAAAAAAAA=
            """;

    @TempDir
    private Path directory;

    private Path tflite() throws IOException {
        return Files.write(
                directory.resolve("sum.tflite"), Base64.getMimeDecoder().decode(SUM));
    }

    private static float sum(Prediction prediction) {
        return prediction.tensor("sum").floatAt(0);
    }

    @Test
    void aRollBackCrossesFormats() throws IOException {
        Map<String, Tensor> inputs =
                Map.of("a", Tensor.of(new float[] {2}, 1, 1), "b", Tensor.of(new float[] {3}, 1, 1));
        try (Kitchen kitchen = Kitchen.open(Files.createDirectory(directory.resolve("registry")))) {
            ModelRegistry registry = kitchen.registry();
            registry.deploy(DeployRequest.of("sum", TestModels.sum(directory)).build());
            registry.deploy(DeployRequest.of("sum", tflite()).activate().build());
            Endpoint endpoint = kitchen.endpoint("sum");

            Prediction lite = endpoint.predict(inputs);
            assertThat(lite.version()).isEqualTo("2");
            assertThat(endpoint.metadata().backend()).isEqualTo("tflite");
            Prediction onnx = endpoint.predict(inputs, CallOptions.version("1"));
            assertThat(sum(onnx)).isEqualTo(sum(lite)).isEqualTo(5);

            registry.rollback("sum");
            assertThat(endpoint.predict(inputs).version()).isEqualTo("1");
            assertThat(endpoint.metadata().backend()).isEqualTo("onnxruntime");
        }
    }

    @Test
    void theSignatureRulesHoldAcrossFormats() throws IOException {
        try (Kitchen kitchen = Kitchen.open(Files.createDirectory(directory.resolve("registry")))) {
            ModelRegistry registry = kitchen.registry();
            registry.deploy(DeployRequest.of("sum", tflite()).build());
            Path other = TestModels.identity(directory, DataType.FLOAT, "n", 1);

            assertThatThrownBy(() -> registry.deploy(
                            DeployRequest.of("sum", other).activate().build()))
                    .isInstanceOf(RegistryException.class)
                    .hasMessageContaining("input 'a' is not there");
        }
    }

    @Test
    void theCommandLineReadsBoth() throws IOException {
        CommandLineRun run = CommandLineRun.of("inspect", tflite().toString());

        assertThat(run.code()).as(run.messages()).isZero();
        assertThat(run.out()).contains("tflite").contains("operators, 1").contains("ADD");
    }
}
