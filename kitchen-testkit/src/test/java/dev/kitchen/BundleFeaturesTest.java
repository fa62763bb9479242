package dev.kitchen;

import static dev.kitchen.ScriptedModel.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.codec.Features;
import dev.kitchen.codec.Scores;
import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.RegistryException;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.registry.DeployRequest;
import dev.kitchen.registry.ModelRegistry;
import dev.kitchen.registry.VersionInfo.Status;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.ValueSpec;
import dev.kitchen.testkit.FakeBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A bundle names the columns that its model does not name. */
@Timeout(60)
class BundleFeaturesTest {

    private static final Order ORDER = new Order(12.5f, 3);

    @TempDir
    Path directory;

    @TempDir
    Path registryDirectory;

    private final FakeBackend backend = new FakeBackend();
    private Kitchen kitchen;
    private ModelRegistry registry;

    private record Order(float amount, int age) {}

    private void open(ScriptedModel... scripted) {
        Kitchen.Builder builder =
                Kitchen.builder().models(registryDirectory).backend(backend).watch(Duration.ZERO);
        List.of(scripted).forEach(builder::backend);
        kitchen = builder.open();
        registry = kitchen.registry();
    }

    @AfterEach
    void close() {
        kitchen.close();
        assertThat(backend.openSessions()).isZero();
        assertThat(backend.violations()).isZero();
    }

    private void deploy(String version, String features) throws IOException {
        Path bundle = Files.createDirectories(directory.resolve("bundle" + version));
        FakeBackend.writeModel(bundle, "m", version);
        deploy(bundle, version, features);
    }

    private void deployScripted(String version, String features) throws IOException {
        Path bundle = Files.createDirectories(directory.resolve("bundle" + version));
        Files.writeString(bundle.resolve("m.scripted"), version);
        deploy(bundle, version, features);
    }

    private void deploy(Path bundle, String version, String features) throws IOException {
        Files.writeString(bundle.resolve("kitchen.json"), "{\"features\": " + features + "}");
        registry.deploy(
                DeployRequest.of("m", bundle).version(version).activate().build());
    }

    private static ScriptedModel scripted(Map<String, String> metadata, ValueSpec... inputs) {
        TensorSpec output = tensor("y", DataType.FLOAT, 1);
        return new ScriptedModel(List.of(inputs), List.of(output), it -> Map.of("y", Tensor.of(new float[] {1}, 1)))
                .withMetadata(metadata);
    }

    private TypedEndpoint<Order, float[]> typed() {
        return kitchen.endpoint("m").typed(Order.class, Scores.of("echo"));
    }

    @Test
    void componentsGoToTheColumnsThatTheBundleNames() throws IOException {
        open();
        deploy("1", "[\"age\", \"AMOUNT\"]");

        TypedEndpoint<Order, float[]> typed = typed();

        assertThat(typed.predict(ORDER)).containsExactly(3, 12.5f);
        assertThat(typed.describe()).contains("amount (float) -> x FLOAT [-1, -1], column 1");
        assertThat(Features.columnNames(kitchen.endpoint("m").metadata().custom()))
                .containsExactly("age", "AMOUNT");
    }

    @Test
    void namesAreFollowedAtEverySwap() throws IOException {
        open();
        deploy("1", "[\"age\", \"amount\"]");
        TypedEndpoint<Order, float[]> typed = typed();
        assertThat(typed.predict(ORDER)).containsExactly(3, 12.5f);

        deploy("2", "[\"amount\", \"age\"]");

        assertThat(typed.predict(ORDER)).containsExactly(12.5f, 3);
        assertThat(typed.predict(ORDER, CallOptions.version("1"))).containsExactly(3, 12.5f);
        registry.rollback("m");
        assertThat(typed.predictAll(List.of(ORDER, ORDER)).get(1)).containsExactly(3, 12.5f);
    }

    @Test
    void aSwapToOtherNamesFailsCallsSayingWhatDoesNotFit() throws IOException {
        open();
        deploy("1", "[\"age\", \"amount\"]");
        TypedEndpoint<Order, float[]> typed = typed();

        deploy("2", "[\"age\", \"total\"]");

        assertThatThrownBy(() -> typed.predict(ORDER))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("endpoint 'm', version '2': ")
                .hasMessageContaining("component 'amount' has no place, the model has [age, total]")
                .hasMessageContaining("column 1 'total' has no component of its name");
        registry.rollback("m");
        assertThat(typed.predict(ORDER)).containsExactly(3, 12.5f);
    }

    @Test
    void namesArriveAsTheyAreWritten() throws IOException {
        open();

        deploy("1", "[\"a, \\\"b\\\"\", \"c\\\\\", \"[d]\", \" e\"]");

        assertThat(Features.columnNames(kitchen.endpoint("m").metadata().custom()))
                .containsExactly("a, \"b\"", "c\\", "[d]", "e");
    }

    @Test
    void withoutNamesTheOrderHasToBeSaid() throws IOException {
        open();
        deploy("1", "[]");

        assertThatThrownBy(this::typed)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("neither the model nor its bundle names them")
                .hasMessageContaining("inDeclarationOrder()");
    }

    @Test
    void namesThatAreTooFewAreRejected() {
        open(scripted(Map.of(), tensor("x", DataType.FLOAT, -1, 3)));

        assertThatThrownBy(() -> deployScripted("1", "[\"age\", \"amount\"]"))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("kitchen.json: features name 2 columns [age, amount], expected 3, as input 'x'"
                        + " has shape [-1, 3]");
        assertThat(registry.describe("m").versions().get(0).status()).isEqualTo(Status.REJECTED);
    }

    @Test
    void namesForAModelWithoutOneMatrixAreRejected() {
        open(scripted(Map.of(), tensor("a", DataType.FLOAT, -1, 1), tensor("b", DataType.FLOAT, -1, 1)));

        assertThatThrownBy(() -> deployScripted("1", "[\"age\", \"amount\"]"))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("expected a model that takes one matrix");
    }

    @Test
    void namesThatContradictTheModelsOwnAreRejected() {
        open(scripted(Map.of("feature_names", "amount,age"), tensor("x", DataType.FLOAT, -1, 2)));

        assertThatThrownBy(() -> deployScripted("1", "[\"age\", \"amount\"]"))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("features are [age, amount], expected [amount, age]");
    }
}
