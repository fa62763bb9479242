package dev.kitchen.cli;

import static dev.kitchen.cli.CommandLineRun.IRIS;
import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class BenchCommandTest {

    @TempDir
    private Path directory;

    private static CommandLineRun bench(Object model, Object... more) {
        Object[] arguments = new Object[more.length + 6];
        System.arraycopy(new Object[] {"bench", model, "--duration", "50ms", "--warm-up", "1ms"}, 0, arguments, 0, 6);
        System.arraycopy(more, 0, arguments, 6, more.length);
        return CommandLineRun.of(arguments);
    }

    @Test
    void measuresEachNumberOfCallers() {
        CommandLineRun run = bench(IRIS, "--callers", "1,3", "--rows", "2", "--json");

        assertThat(run.code()).as(run.messages()).isZero();
        JsonNode results = run.json().get("results");
        assertThat(results).hasSize(2);
        assertThat(results.get(1).get("callers").asInt()).isEqualTo(3);
        for (JsonNode result : results) {
            JsonNode latency = result.get("latency_us");
            assertThat(result.get("calls").asLong()).isPositive();
            assertThat(latency.get("p50").asDouble())
                    .isPositive()
                    .isLessThanOrEqualTo(latency.get("p99").asDouble());
            assertThat(latency.get("p99.9").asDouble())
                    .isLessThanOrEqualTo(latency.get("max").asDouble());
        }
    }

    @Test
    void printsATable() {
        assertThat(bench(IRIS).out()).containsPattern("callers +calls/s +p50 +p90 +p99 +p99.9 +max\n1 +[\\d,]+ +");
    }

    @Test
    void makesUpInputsOfAnyType() throws IOException {
        for (DataType type :
                new DataType[] {DataType.STRING, DataType.BOOL, DataType.INT8, DataType.DOUBLE, DataType.FLOAT16}) {
            CommandLineRun run = bench(TestModels.identity(directory, type, "n", "m"), "--shape", "x=2,3");

            assertThat(run.code()).as(type + run.messages()).isZero();
        }
    }

    @Test
    void asksARealRequest() throws IOException {
        Path request = Files.writeString(
                directory.resolve("request.json"),
                "{\"inputs\": [{\"name\": \"item\", \"datatype\": \"INT64\", \"shape\": [1], \"data\": [2]}]}");

        assertThat(bench(TestModels.prices(directory), "--input", request).code())
                .isZero();
    }

    @Test
    void aModelThatFailsEndsIt() throws IOException {
        Path request = Files.writeString(
                directory.resolve("request.json"),
                "{\"inputs\": [{\"name\": \"item\", \"datatype\": \"INT64\", \"shape\": [1], \"data\": [9]}]}");

        CommandLineRun run = bench(TestModels.prices(directory), "--input", request, "--callers", "2");

        assertThat(run.code()).isIn(1, 4);
        assertThat(run.out()).isEmpty();
        assertThat(run.messages()).contains("indices").hasLineCount(1);
    }

    @Test
    void wrongArgumentsEndWith2() {
        assertThat(bench(IRIS, "--callers", "0").code()).isEqualTo(2);
        assertThat(bench(IRIS, "--shape", "input=a").messages()).contains("expected numbers such as 1,128");
        assertThat(bench(IRIS, "--shape", "nothing=1").messages()).contains("there is no input 'nothing'");
    }
}
