package dev.kitchen.cli;

import static dev.kitchen.cli.CommandLineRun.IRIS;
import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class RegistryCommandsTest {

    @TempDir
    private Path directory;

    private Path registry;
    private Path other;

    @BeforeEach
    void makeModels() throws IOException {
        registry = directory.resolve("registry");
        other = TestModels.identity(directory, DataType.FLOAT, "n", 4);
    }

    private CommandLineRun kitchen(Object... arguments) {
        Object[] all = new Object[arguments.length + 2];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = "--registry";
        all[arguments.length + 1] = registry;
        return CommandLineRun.of(all);
    }

    private String done(Object... arguments) {
        CommandLineRun run = kitchen(arguments);
        assertThat(run.code()).as(run.messages()).isZero();
        return run.out();
    }

    private void failed(int code, String message, Object... arguments) {
        CommandLineRun run = kitchen(arguments);
        assertThat(run.code()).as(run.messages()).isEqualTo(code);
        assertThat(run.out()).isEmpty();
        assertThat(run.messages()).contains(message).hasLineCount(1);
    }

    private JsonNode described() {
        return kitchen("describe", "iris", "--json").json();
    }

    @Test
    void theFirstVersionServesAndTheNextOnesWait() {
        assertThat(done("deploy", "iris", IRIS)).isEqualTo("iris 1 active\n");
        JsonNode second = kitchen(
                        "deploy",
                        "iris",
                        IRIS,
                        "--version",
                        "b",
                        "--metric",
                        "auc=0.93",
                        "--lineage",
                        "commit=abc",
                        "--tag",
                        "team=garden",
                        "--json")
                .json();

        assertThat(second.get("version").asString()).isEqualTo("b");
        assertThat(second.get("status").asString()).isEqualTo("registered");
        assertThat(second.at("/metrics/auc").asDouble()).isEqualTo(0.93);
        assertThat(second.at("/lineage/commit").asString()).isEqualTo("abc");
        assertThat(second.at("/tags/team").asString()).isEqualTo("garden");
        assertThat(second.get("sha256").asString()).matches("[0-9a-f]{64}");
        assertThat(described().get("current_version").asString()).isEqualTo("1");
        assertThat(done("list")).containsPattern("MODEL +CURRENT +VERSIONS").containsPattern("iris +1 +2 +- +yes");
        assertThat(done("describe", "iris")).containsPattern("b +registered").contains("auc=0.93");
    }

    @Test
    void versionsAreActivatedRolledBackAndNamed() {
        done("deploy", "iris", IRIS);
        assertThat(done("deploy", "iris", IRIS, "--version", "2", "--activate")).isEqualTo("iris 2 active\n");

        assertThat(done("rollback", "iris")).isEqualTo("iris 1 active\n");
        assertThat(done("activate", "iris", "2")).isEqualTo("iris 2\n");
        assertThat(done("alias", "iris", "champion", "1")).isEqualTo("iris 2\n");
        assertThat(described().at("/aliases/champion").asString()).isEqualTo("1");
        assertThat(done("rollback", "iris", "1")).isEqualTo("iris 1 active\n");
        done("alias", "iris", "champion", "--remove");
        assertThat(described().get("aliases")).isEmpty();
        assertThat(kitchen("history", "iris", "--json")
                        .json()
                        .valueStream()
                        .map(it -> it.get("operation").asString()))
                .startsWith("deploy")
                .contains("activate", "rollback", "alias", "unalias");
    }

    @Test
    void aPolicyIsShownAndChanged() {
        done("deploy", "iris", IRIS);

        assertThat(done("policy", "iris")).isEqualTo("iris latest 1\n");
        assertThat(done("policy", "iris", "latest", "2")).isEqualTo("iris latest 2\n");
        assertThat(done("policy", "iris", "specific", "3,1")).isEqualTo("iris specific 1,3\n");
        assertThat(described().get("policy").asString()).isEqualTo("specific 1,3");
        JsonNode all = kitchen("policy", "iris", "ALL", "--json").json();
        assertThat(all.get("model").asString()).isEqualTo("iris");
        assertThat(all.get("policy").asString()).isEqualTo("all");
        assertThat(done("policy", "iris")).isEqualTo("iris all\n");
    }

    @Test
    void aPolicyThatIsNoneChangesNothing() {
        done("deploy", "iris", IRIS);

        assertThat(kitchen("policy", "iris", "newest").messages()).contains("newest", "LATEST, ALL, SPECIFIC");
        for (Object[] wrong : new Object[][] {
            {"newest"},
            {"latest"},
            {"latest", "two"},
            {"latest", "1,2"},
            {"all", "3"},
            {"specific"},
            {"specific", "1,,2"}
        }) {
            Object[] arguments = new Object[wrong.length + 2];
            arguments[0] = "policy";
            arguments[1] = "iris";
            System.arraycopy(wrong, 0, arguments, 2, wrong.length);
            assertThat(kitchen(arguments).code()).isEqualTo(2);
        }
        failed(3, "fraud", "policy", "fraud");
        failed(3, "fraud", "policy", "fraud", "all");
        assertThat(done("policy", "iris")).isEqualTo("iris latest 1\n");
    }

    @Test
    void aModelIsTakenOffTheListAndBackOnIt() throws IOException {
        done("deploy", "iris", IRIS);
        Path rows = Files.writeString(
                directory.resolve("rows.csv"), "sepalLength,sepalWidth,petalLength,petalWidth\n5.1,3.5,1.4,0.2\n");

        assertThat(CommandLineRun.of("predict", registry, rows).code()).isZero();
        assertThat(done("deactivate", "iris")).isEqualTo("iris 1 deactivated\n");
        assertThat(CommandLineRun.of("predict", registry, rows, "-e", "iris").code())
                .isEqualTo(3);
        assertThat(done("activate", "iris")).isEqualTo("iris 1\n");
        assertThat(CommandLineRun.of("predict", registry, rows).code()).isZero();
    }

    @Test
    void aVersionOfTheCallersChoiceAnswers() throws IOException {
        done("deploy", "iris", IRIS);
        done("deploy", "iris", IRIS, "--version", "2");
        done("alias", "iris", "challenger", "2");
        Path rows = Files.writeString(
                directory.resolve("rows.csv"), "sepalLength,sepalWidth,petalLength,petalWidth\n5.1,3.5,1.4,0.2\n");

        CommandLineRun run = CommandLineRun.of("predict", registry, rows, "--json", "--model-version", "challenger");

        assertThat(run.json().get("model_version").asString()).isEqualTo("2");
    }

    @Test
    void whatIsInUseStays() {
        done("deploy", "iris", IRIS);
        done("deploy", "iris", IRIS, "--version", "2");

        failed(1, "current", "delete", "iris", "1");
        failed(1, "current", "retire", "iris", "1");
        done("retire", "iris", "2");
        assertThat(described().at("/versions/1/status").asString()).isEqualTo("retired");
        done("delete", "iris", "2");
        assertThat(described().get("versions")).hasSize(1);
    }

    @Test
    void aVersionThatDoesNotProveItselfIsRejectedAndSeen() {
        done("deploy", "iris", IRIS);

        failed(1, "iris", "deploy", "iris", other);

        JsonNode rejected = described().at("/versions/1");
        assertThat(rejected.get("status").asString()).isEqualTo("rejected");
        assertThat(rejected.get("reason").asString()).isNotEmpty();
        assertThat(described().get("current_version").asString()).isEqualTo("1");
    }

    @Test
    void aChangedByteIsFound() throws IOException {
        done("deploy", "iris", IRIS);
        assertThat(done("verify")).isEqualTo("iris  as deployed\n");
        Path file = Path.of(described().at("/versions/0/path").asString());
        Path model = Files.isDirectory(file) ? file.resolve("iris.onnx") : file;
        byte[] bytes = Files.readAllBytes(model);
        bytes[bytes.length / 2] ^= 1;
        Files.write(model, bytes);

        CommandLineRun run = kitchen("verify", "iris", "--json");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.json().get("iris").get(0).asString()).contains("iris.onnx");
    }

    @Test
    void whatIsNotThereEndsWith3() {
        failed(3, "no such directory", "list");
        failed(3, "none.onnx: no such file or directory", "deploy", "iris", directory.resolve("none.onnx"));
        done("deploy", "iris", IRIS);
        failed(3, "fraud", "describe", "fraud");
        failed(3, "fraud", "verify", "fraud");
        failed(3, "9", "activate", "iris", "9");
        failed(3, "9", "rollback", "iris", "9");
    }

    @Test
    void namesThatAreNoneEndWith2() {
        failed(2, "../iris", "deploy", "../iris", IRIS);
        done("deploy", "iris", IRIS);
        assertThat(kitchen("alias", "iris", "champion").code()).isEqualTo(2);
        assertThat(kitchen("deploy", "iris", IRIS, "--metric", "auc=high").code())
                .isEqualTo(2);
    }
}
