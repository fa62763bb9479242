package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.ModelLoadException;
import dev.kitchen.guard.Fallback;
import dev.kitchen.spi.Backend;
import dev.kitchen.spi.Finding;
import dev.kitchen.spi.InferenceSession;
import dev.kitchen.tensor.DataType;
import dev.kitchen.testkit.FakeBackend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a kitchen puts up with is reported by its health. */
@Timeout(60)
class ReportedProblemsTest {

    @TempDir
    Path directory;

    private final FakeBackend backend = new FakeBackend();

    @AfterEach
    void leaksNoSession() {
        assertThat(backend.openSessions()).isZero();
    }

    @Test
    void anEmptyDirectory() throws IOException {
        try (Kitchen kitchen = kitchen().open()) {
            assertProblem(kitchen, "there are no models");

            FakeBackend.writeModel(directory, "m", "tag");
            kitchen.refresh();

            assertThat(kitchen.health().status()).isEqualTo(Health.Status.UP);
        }
    }

    @Test
    void aDocumentWithoutACurrentVersion() throws IOException {
        FakeBackend.writeModel(directory, "file", "tag");
        Files.writeString(
                directory.resolve("registry.json"), "{\"m\": {\"versions\": {\"1\": {\"path\": \"file.fake\"}}}}");
        try (Kitchen kitchen = kitchen().open()) {
            assertProblem(kitchen, "model 'm': none of its versions is current, expected one to be activated of [1]");

            kitchen.registry().activate("m", "1");

            assertThat(kitchen.health().status()).isEqualTo(Health.Status.UP);
        }
    }

    @Test
    void optionsForAnEndpointThatDoesNotExist() throws IOException {
        FakeBackend.writeModel(directory, "fraud", "tag");
        try (Kitchen kitchen = kitchen()
                .endpoint("fruad", EndpointOptions.builder().build())
                .endpoint(EndpointOptions.ALL, EndpointOptions.builder().build())
                .open()) {
            assertProblem(kitchen, "there are options for endpoint 'fruad', but no model of that name");
        }
    }

    @Test
    void aFallbackToAVersionThatDoesNotExist() throws IOException {
        FakeBackend.writeModel(directory, "m", "tag");
        try (Kitchen kitchen = kitchen()
                .endpoint(
                        "m",
                        EndpointOptions.builder()
                                .fallback(Fallback.toVersion("champion"))
                                .build())
                .open()) {
            assertProblem(kitchen, "model 'm': falls back to 'champion', which is no version or alias of it");

            kitchen.registry().alias("m", "champion", "1");

            assertThat(kitchen.health().status()).isEqualTo(Health.Status.UP);
        }
    }

    @Test
    void aPlainFileWhoseNewSignatureBreaksCallers() throws IOException {
        Path file = Files.writeString(directory.resolve("m.scripted"), "x");
        try (Kitchen kitchen = Kitchen.builder()
                .models(directory)
                .backend(new InputNamedByFile())
                .watch(Duration.ZERO)
                .open()) {
            Files.writeString(file, "other");
            kitchen.refresh();

            assertThat(kitchen.endpoint("m").version()).isEqualTo("2");
            assertProblem(kitchen, "the signature of version '2' breaks callers of version '1': ");
        }
    }

    @Test
    void aBuilderWithoutModels() {
        assertThatThrownBy(() -> Kitchen.builder().backend(backend).open())
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("does not exist")
                .hasMessageContaining("no models(…) was set");
    }

    @Test
    void leftoversAreNoModelsAndNoVersions() throws IOException {
        for (String name : new String[] {"._x.fake", ".hidden.fake", "x.fake~", "x.bak"}) {
            Files.writeString(directory.resolve(name), "leftover");
        }
        for (String version : new String[] {
            "1", "9", "10", "old", "tmp", "2.bak", "lost+found", ".hidden", "blue", "10.part", "latest", "zeta"
        }) {
            writeVersion("m", version);
        }
        for (String model : new String[] {"lost+found", "tmp", "old", ".hidden", "m.bak"}) {
            writeVersion(model, "1");
        }
        try (Kitchen kitchen = kitchen().open()) {
            assertThat(kitchen.endpointNames()).containsExactly("m");
            assertThat(kitchen.endpoint("m").version()).isEqualTo("10");
            assertThat(kitchen.registry().describe("m").versions())
                    .extracting(it -> it.version())
                    .containsExactly("blue", "zeta", "1", "9", "10");
            assertThat(kitchen.health().status()).isEqualTo(Health.Status.UP);
        }
    }

    private void writeVersion(String model, String version) throws IOException {
        FakeBackend.writeModel(Files.createDirectories(directory.resolve(model).resolve(version)), "model", version);
        Files.writeString(directory.resolve(model).resolve(version).resolve("._model.fake"), "leftover");
    }

    private Kitchen.Builder kitchen() {
        return Kitchen.builder().models(directory).backend(backend).watch(Duration.ZERO);
    }

    private static void assertProblem(Kitchen kitchen, String problem) {
        assertThat(kitchen.health().status()).isEqualTo(Health.Status.DEGRADED);
        assertThat(kitchen.health().problems()).singleElement().asString().contains(problem);
    }

    /** Models whose only input has the name that is in their file. */
    private static final class InputNamedByFile implements Backend {

        @Override
        public String name() {
            return "named";
        }

        @Override
        public boolean accepts(Path modelFile) {
            return modelFile.toString().endsWith(".scripted");
        }

        @Override
        public InferenceSession load(Path modelFile) {
            try {
                return new ScriptedModel(
                        List.of(ScriptedModel.tensor(Files.readString(modelFile), DataType.FLOAT, -1)),
                        List.of(ScriptedModel.tensor("y", DataType.FLOAT, -1)),
                        inputs -> Map.of());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public List<Finding> preflight() {
            return List.of();
        }
    }
}
