package dev.kitchen.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.Endpoint;
import dev.kitchen.Health;
import dev.kitchen.Kitchen;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.Prediction;
import dev.kitchen.registry.AuditEntry;
import dev.kitchen.registry.DeployRequest;
import dev.kitchen.registry.ModelRegistry;
import dev.kitchen.registry.VersionInfo;
import dev.kitchen.registry.VersionPolicy;
import dev.kitchen.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The snippets of docs/guide/versions-and-registry.md, and the second one of README.md. */
class RegistryTest {

    private static final Tensor FLOWER = Tensor.ofRows(new float[][] {{5.1f, 3.5f, 1.4f, 0.2f}});

    @TempDir
    Path directory;

    private Path models;
    private Path candidate;

    @BeforeEach
    void copyModels() throws IOException {
        models = Files.createDirectory(directory.resolve("models"));
        candidate = Files.createDirectory(directory.resolve("candidate"));
        Files.copy(Path.of("models/iris.onnx"), models.resolve("iris.onnx"));
        Files.copy(Path.of("models/iris.onnx"), candidate.resolve("iris.onnx"));
        Files.writeString(candidate.resolve("kitchen.json"), "{\"warm_up\": {\"batch_sizes\": [1, 8]}}");
    }

    @Test
    void deploysAndRollsBack() {
        try (Kitchen kitchen = Kitchen.open(models)) {
            // snippet: readme-deploy
            ModelRegistry registry = kitchen.registry(); // models/registry.json, created by the first deploy
            registry.deploy(DeployRequest.of("iris", candidate).activate().build());
            registry.rollback("iris");
            // end
            assertThat(kitchen.endpoint("iris").version()).isEqualTo("1");
        }
    }

    @Test
    void servesAVersionByAlias() {
        try (Kitchen kitchen = Kitchen.open(models)) {
            Endpoint endpoint = kitchen.endpoint("iris");
            // snippet: registry-deploy
            ModelRegistry registry = kitchen.registry();

            // Registers version 2 once it has proved itself. It does not serve yet.
            VersionInfo version = registry.deploy(DeployRequest.of("iris", candidate)
                    .version("2")
                    .metric("auc", 0.93)
                    .lineage("git_commit", "1f0c2ab")
                    .build());

            // Lets callers who ask for it try it.
            registry.alias("iris", "challenger", version.version());
            Prediction prediction = endpoint.predict("input", FLOWER, CallOptions.version("challenger"));

            // Makes it the version that answers all others, and goes back.
            registry.activate("iris", "2");
            registry.rollback("iris");
            // end
            assertThat(prediction.version()).isEqualTo("2");
            assertThat(endpoint.version()).isEqualTo("1");

            // snippet: registry-look
            registry.policy("iris", new VersionPolicy.Latest(3)); // three versions stay loaded
            List<VersionInfo> versions = registry.describe("iris").versions();
            List<AuditEntry> history = registry.history("iris"); // who did what, oldest first
            List<String> changedFiles = registry.verify("iris"); // empty if all files are as they were registered
            // end
            assertThat(versions).hasSize(2);
            assertThat(history).isNotEmpty();
            assertThat(changedFiles).isEmpty();
        }
    }

    @Test
    void saysHowItIs() {
        try (Kitchen kitchen = Kitchen.open(models)) {
            // snippet: registry-health
            kitchen.refresh(); // looks at the models now

            Health health = kitchen.health();
            if (health.status() != Health.Status.UP) {
                health.problems().forEach(System.out::println);
            }
            // end
            assertThat(health.problems()).isEmpty();
        }
    }

    @Test
    void readsADocumentWrittenByHand() throws IOException {
        Path version = Files.createDirectories(directory.resolve("registry/models/iris/1"));
        Files.copy(Path.of("models/iris.onnx"), version.resolve("iris.onnx"));
        Files.writeString(
                directory.resolve("registry/registry.json"),
                Pages.block("versions-and-registry.md", "json").get(0));

        try (Kitchen kitchen = Kitchen.open(directory.resolve("registry"))) {
            assertThat(kitchen.endpoint("iris").predict("input", FLOWER).version())
                    .isEqualTo("1");
        }
    }
}
