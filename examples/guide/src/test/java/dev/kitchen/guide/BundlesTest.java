package dev.kitchen.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.Kitchen;
import dev.kitchen.error.RegistryException;
import dev.kitchen.registry.DeployRequest;
import dev.kitchen.registry.VersionInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The snippet and the bundle of docs/guide/bundles-and-golden-cases.md. */
class BundlesTest {

    @TempDir
    Path directory;

    private Path bundle;
    private String document;

    @BeforeEach
    void copyBundle() throws IOException {
        bundle = Files.createDirectory(directory.resolve("bundle"));
        Files.copy(Path.of("models/iris.onnx"), bundle.resolve("iris.onnx"));
        document = Pages.block("bundles-and-golden-cases.md", "json").get(0);
    }

    @Test
    void theBundleOfThePageProvesItself() throws IOException {
        Files.writeString(bundle.resolve("kitchen.json"), document);
        try (Kitchen kitchen = open()) {
            VersionInfo deployed =
                    kitchen.registry().deploy(DeployRequest.of("iris", bundle).build());

            assertThat(deployed.status()).isEqualTo(VersionInfo.Status.ACTIVE);
        }
    }

    @Test
    void aVersionThatAnswersOtherwiseIsRejected() throws IOException {
        Files.writeString(
                bundle.resolve("kitchen.json"), document.replaceFirst("\"data\": \\[0\\.9", "\"data\": [0.1"));
        try (Kitchen kitchen = open()) {
            // snippet: bundles-rejected
            try {
                kitchen.registry().deploy(DeployRequest.of("iris", bundle).build());
            } catch (RegistryException e) {
                System.out.println(e.reason() + ": " + e.getMessage());
            }
            // end
            assertThatThrownBy(() -> kitchen.registry()
                            .deploy(DeployRequest.of("iris", bundle).build()))
                    .isInstanceOf(RegistryException.class)
                    .hasMessageContaining(
                            "golden case 'a setosa': output 'probabilities' element 0 is 0.9999107, expected 0.1");
        }
    }

    private Kitchen open() throws IOException {
        Path registry = Files.createDirectory(directory.resolve("registry"));
        Files.writeString(registry.resolve("registry.json"), "{}");
        return Kitchen.open(registry);
    }
}
