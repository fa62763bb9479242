package dev.kitchen.cli;

import static dev.kitchen.cli.CommandLineRun.IRIS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class InspectCommandTest {

    @TempDir
    private Path directory;

    @Test
    void showsSignatureMetadataSizeAndOperators() {
        CommandLineRun run = CommandLineRun.of("inspect", IRIS);

        assertThat(run.code()).isZero();
        assertThat(run.out())
                .contains("in   input: FLOAT [batch, 4]", "out  probabilities: FLOAT [batch, 3]")
                .containsPattern("producer +Tribuo")
                .containsPattern("size +\\d+ bytes")
                .containsPattern("kitchen.features +sepalLength,sepalWidth")
                .contains("operators, 3")
                .containsPattern("Softmax +1");
    }

    @Test
    void showsTheSameAsJson() {
        JsonNode json = CommandLineRun.of("inspect", IRIS, "--json").json();

        assertThat(json.at("/operators/Gemm").asInt()).isEqualTo(1);
        assertThat(json.at("/opsets/ai.onnx").asInt()).isEqualTo(13);
        assertThat(json.at("/signature/inputs/0/name").asString()).isEqualTo("input");
        assertThat(json.at("/signature/inputs/0/datatype").asString()).isEqualTo("FP32");
        assertThat(json.at("/metadata/kitchen.labels").asString()).isEqualTo("setosa,versicolor,virginica");
        assertThat(json.at("/size_bytes").asLong()).isEqualTo(IRIS.toFile().length());
    }

    @Test
    void aFileThatIsNotThereEndsWith3() {
        CommandLineRun run = CommandLineRun.of("inspect", directory.resolve("none.onnx"));

        assertThat(run.code()).isEqualTo(3);
        assertThat(run.out()).isEmpty();
        assertThat(run.messages())
                .contains("none.onnx: no such file, expected a model file")
                .hasLineCount(1);
    }

    @Test
    void aFileThatIsNoModelEndsWith1() throws IOException {
        Path empty = Files.createFile(directory.resolve("empty.onnx"));

        CommandLineRun run = CommandLineRun.of("inspect", empty);

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.messages()).contains("empty.onnx: is empty, expected an ONNX model");
    }
}
