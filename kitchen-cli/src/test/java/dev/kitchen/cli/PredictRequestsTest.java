package dev.kitchen.cli;

import static dev.kitchen.cli.CommandLineRun.IRIS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class PredictRequestsTest {

    private static final String REQUEST = """
            {"id": "7", "inputs": [{"name": "input", "datatype": "FP32", "shape": [2, 4],
              "data": [5.1, 3.5, 1.4, 0.2, 6.7, 3.1, 5.8, 2.3]}]}""";

    @TempDir
    private Path directory;

    private Path file(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content);
    }

    @Test
    void answersInTheWordsOfTheProtocol() throws IOException {
        CommandLineRun run = CommandLineRun.of("predict", IRIS, file("request.json", REQUEST));

        JsonNode json = run.json();
        assertThat(run.code()).isZero();
        assertThat(json.get("id").asString()).isEqualTo("7");
        assertThat(json.get("model_name").asString()).isEqualTo("iris");
        assertThat(json.at("/outputs/0/shape").toString()).isEqualTo("[2,3]");
    }

    @Test
    void answersAsRowsToo() throws IOException {
        CommandLineRun run = CommandLineRun.of("predict", IRIS, file("request.json", REQUEST), "--to", "csv");

        assertThat(run.out())
                .startsWith("probabilities[0],probabilities[1],probabilities[2]\n0.9")
                .hasLineCount(3);
    }

    @Test
    void answersOneRequestALine() throws IOException {
        String line = REQUEST.replace("\n", " ");

        CommandLineRun run = CommandLineRun.of("predict", IRIS, file("requests.jsonl", line + "\n\n" + line));

        assertThat(run.code()).isZero();
        assertThat(run.out().lines()).hasSize(2).allMatch(it -> it.startsWith("{\"model_name\":\"iris\""));
    }

    @Test
    void aBadRequestNamesFileAndLine() throws IOException {
        String line = REQUEST.replace("\n", " ");

        CommandLineRun run =
                CommandLineRun.of("predict", IRIS, file("requests.jsonl", line + "\n" + line.replace("FP32", "F32")));

        assertThat(run.code()).isEqualTo(4);
        assertThat(run.out()).hasLineCount(1);
        assertThat(run.messages()).contains("requests.jsonl, line 2: request: input 'input': datatype is 'F32'");
    }

    @Test
    void whatIsNoRequestEndsWith4() throws IOException {
        assertThat(CommandLineRun.of("predict", IRIS, file("empty.json", "")))
                .matches(it -> it.code() == 4 && it.messages().contains("empty.json: request: ends in the middle"));
        assertThat(CommandLineRun.of("predict", IRIS, file("request.json", REQUEST.replace("2, 4", "4, 2"))))
                .matches(it -> it.code() == 4 && it.messages().contains("has shape [4, 2], expected [-1, 4]"));
        assertThat(CommandLineRun.of("predict", IRIS, file("request.json", REQUEST), "--outputs", "label"))
                .matches(it -> it.code() == 4 && it.messages().contains("label"));
    }
}
