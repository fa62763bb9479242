package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.InferenceException;
import dev.kitchen.error.ModelNotFoundException;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.error.RegistryException;
import dev.kitchen.error.RegistryException.Reason;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.registry.AuditEntry;
import dev.kitchen.registry.DeployRequest;
import dev.kitchen.registry.ModelInfo;
import dev.kitchen.registry.ModelRegistry;
import dev.kitchen.registry.VersionInfo;
import dev.kitchen.registry.VersionInfo.State;
import dev.kitchen.registry.VersionInfo.Status;
import dev.kitchen.registry.VersionPolicy;
import dev.kitchen.testkit.FakeBackend;
import dev.kitchen.testkit.RecordingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RegistryTest {

    @TempDir
    Path directory;

    @TempDir
    Path sources;

    private final FakeBackend backend = new FakeBackend();
    private final RecordingListener listener = new RecordingListener();
    private Kitchen kitchen;
    private ModelRegistry registry;

    @BeforeEach
    void open() {
        kitchen = Kitchen.builder()
                .models(directory)
                .backend(backend)
                .listener(listener)
                .watch(Duration.ZERO)
                .open();
        registry = kitchen.registry();
    }

    @AfterEach
    void leaksNoSession() {
        kitchen.close();
        assertThat(backend.openSessions()).isZero();
        assertThat(backend.violations()).isZero();
    }

    @Test
    void servesTheFirstVersionAndKeepsTheSecondUntilItIsActivated() throws IOException {
        VersionInfo first = deploy("1");
        VersionInfo second = deploy("2");

        assertThat(first.status()).isEqualTo(Status.ACTIVE);
        assertThat(second.status()).isEqualTo(Status.REGISTERED);
        assertThat(tag()).isEqualTo("v1");

        registry.activate("m", "2");

        assertThat(tag()).isEqualTo("v2");
        assertThat(kitchen.endpoint("m").version()).isEqualTo("2");
    }

    @Test
    void countsVersionsWhereNoneIsNamed() throws IOException {
        assertThat(registry.deploy(DeployRequest.of("m", model("a")).build()).version())
                .isEqualTo("1");
        assertThat(registry.deploy(DeployRequest.of("m", model("b")).build()).version())
                .isEqualTo("2");
    }

    @Test
    void rollsBackToThePreviousVersionAndFurther() throws IOException {
        deployActive("1");
        deployActive("2");
        deployActive("3");

        assertThat(registry.rollback("m").version()).isEqualTo("2");
        assertThat(tag()).isEqualTo("v2");
        assertThat(registry.rollback("m").version()).isEqualTo("1");
        assertThat(tag()).isEqualTo("v1");
        assertThatThrownBy(() -> registry.rollback("m"))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("no previous version");
        assertThat(registry.rollback("m", "3").version()).isEqualTo("3");
        assertThat(tag()).isEqualTo("v3");
    }

    @Test
    void rollsBackWithoutLoadingAnything() throws IOException {
        deployActive("1");
        deployActive("2");
        int loads = backend.loads();

        registry.rollback("m");

        assertThat(backend.loads()).isEqualTo(loads);
        assertThat(tag()).isEqualTo("v1");
    }

    @Test
    void answersByVersionAndByAlias() throws IOException {
        deploy("1");
        deploy("2");
        registry.alias("m", "challenger", "2");

        assertThat(tag(CallOptions.version("challenger"))).isEqualTo("v2");
        assertThat(tag(CallOptions.version("1"))).isEqualTo("v1");
        assertThat(tag(CallOptions.version("latest"))).isEqualTo("v1");
        assertThatThrownBy(() -> tag(CallOptions.version("9")))
                .isInstanceOf(ModelNotFoundException.class)
                .hasMessageContaining("'9'")
                .hasMessageContaining("[1, 2, challenger]");

        registry.removeAlias("m", "challenger");

        assertThatThrownBy(() -> tag(CallOptions.version("challenger"))).isInstanceOf(ModelNotFoundException.class);
    }

    @Test
    void saysThatAVersionIsRegisteredButNotLoaded() throws IOException {
        deployActive("1");
        deployActive("2");
        deployActive("3");

        assertThatThrownBy(() -> tag(CallOptions.version("1")))
                .isInstanceOf(NotReadyException.class)
                .hasMessageContaining("not loaded");

        registry.policy("m", new VersionPolicy.Specific(Set.of("1")));

        assertThat(tag(CallOptions.version("1"))).isEqualTo("v1");
    }

    @Test
    void keepsInMemoryWhatThePolicyWants() throws IOException {
        registry.deploy(DeployRequest.of("m", model("v1")).build());
        registry.policy("m", new VersionPolicy.All());
        for (int i = 2; i <= 4; i++) {
            deployActive(Integer.toString(i));
        }

        assertThat(registry.describe("m").versions())
                .allSatisfy(it -> assertThat(it.runtime().state()).isEqualTo(State.READY));

        registry.policy("m", new VersionPolicy.Latest(0));

        assertThat(registry.describe("m").version("1").orElseThrow().runtime().state())
                .isIn(State.UNAVAILABLE, State.UNLOADING);
        assertThat(registry.describe("m").version("3").orElseThrow().runtime().state())
                .isEqualTo(State.READY);
    }

    @Test
    void takesADeactivatedModelOffTheListUntilItIsActivated() throws IOException {
        deploy("1");
        Endpoint held = kitchen.endpoint("m");

        registry.deactivate("m");

        assertThat(kitchen.endpointNames()).isEmpty();
        assertThatThrownBy(() -> kitchen.endpoint("m")).isInstanceOf(ModelNotFoundException.class);
        assertThatThrownBy(() -> held.predict("x", Models.x(1)))
                .isInstanceOf(ModelNotFoundException.class)
                .hasMessageContaining("deactivated");

        registry.activate("m");

        assertThat(kitchen.endpointNames()).containsExactly("m");
        assertThat(held.predict("x", Models.x(1)).version()).isEqualTo("1");
    }

    @Test
    void refusesToDeleteWhatIsInUse() throws IOException {
        deployActive("1");
        deployActive("2");
        deploy("3");
        registry.alias("m", "challenger", "3");

        assertThatThrownBy(() -> registry.delete("m", "2")).satisfies(it -> assertReason(it, Reason.IN_USE));
        assertThatThrownBy(() -> registry.delete("m", "3")).satisfies(it -> assertReason(it, Reason.IN_USE));
        assertThatThrownBy(() -> registry.retire("m", "2")).satisfies(it -> assertReason(it, Reason.IN_USE));

        registry.delete("m", "1");

        assertThat(registry.describe("m").version("1")).isEmpty();
        assertThat(directory.resolve("models/m/1")).doesNotExist();
    }

    @Test
    void doesNotDeleteUnderACall() throws Exception {
        deployActive("1");
        deployActive("2");
        backend.block();
        Endpoint endpoint = kitchen.endpoint("m");
        var call = endpoint.predictAsync(
                dev.kitchen.predict.PredictionRequest.of(java.util.Map.of("x", Models.x(1)), CallOptions.version("1")));
        backend.awaitRunning(1);

        assertThatThrownBy(() -> registry.delete("m", "1")).satisfies(it -> assertReason(it, Reason.IN_USE));

        backend.release();
        assertThat(call.join().version()).isEqualTo("1");
    }

    @Test
    void retiresAVersionAndTakesItBack() throws IOException {
        deployActive("1");
        deploy("2");
        registry.retire("m", "2");

        assertThat(registry.describe("m").version("2").orElseThrow().status()).isEqualTo(Status.RETIRED);
        assertThatThrownBy(() -> tag(CallOptions.version("2"))).isInstanceOf(NotReadyException.class);

        registry.activate("m", "2");

        assertThat(tag()).isEqualTo("v2");
    }

    @Test
    void recordsWhatFailsItsTrialAndServesOn() throws IOException {
        deploy("1");
        backend.fail(() -> new InferenceException("broken inside"));

        assertThatThrownBy(() -> deployActive("2"))
                .satisfies(it -> assertReason(it, Reason.REJECTED))
                .hasMessageContaining("broken inside");

        backend.recover();
        VersionInfo rejected = registry.describe("m").version("2").orElseThrow();
        assertThat(rejected.status()).isEqualTo(Status.REJECTED);
        assertThat(rejected.reason()).contains("broken inside");
        assertThat(tag()).isEqualTo("v1");
        assertThatThrownBy(() -> registry.activate("m", "2")).satisfies(it -> assertReason(it, Reason.REJECTED));
        assertThat(deployActive("2").status()).isEqualTo(Status.ACTIVE);
    }

    @Test
    void whatABundleSaysOfItselfIsKeptOfARejectedVersionToo() throws IOException {
        deploy("1");
        Path bundle = model("v2").getParent();
        Files.writeString(bundle.resolve("kitchen.json"), """
                {"metrics": {"auc": 0.7}, "lineage": {"run_id": "r9"}, "tags": {"team": "risk"}}
                """);
        backend.fail(() -> new InferenceException("broken inside"));

        assertThatThrownBy(() -> registry.deploy(DeployRequest.of("m", bundle)
                        .version("2")
                        .metric("rmse", 3)
                        .build()))
                .satisfies(it -> assertReason(it, Reason.REJECTED));

        backend.recover();
        VersionInfo rejected = registry.describe("m").version("2").orElseThrow();
        assertThat(rejected.metrics()).isEqualTo(Map.of("auc", 0.7, "rmse", 3.0));
        assertThat(rejected.tags()).isEqualTo(Map.of("team", "risk"));
        assertThat(rejected.lineage()).containsEntry("run_id", "r9").containsEntry("parent_version", "1");
    }

    @Test
    void deploysTheSameContentTwiceAsOne() throws IOException {
        deploy("1");
        VersionInfo again = deploy("1");

        assertThat(again.status()).isEqualTo(Status.ACTIVE);
        assertThatThrownBy(() -> registry.deploy(
                        DeployRequest.of("m", model("other")).version("1").build()))
                .satisfies(it -> assertReason(it, Reason.CONFLICT));
    }

    @Test
    void takesWhatIsSaidOfTheSameContentWhenItIsDeployedOnceMore() throws IOException {
        Path source = model("same");
        registry.deploy(DeployRequest.of("m", source)
                .version("1")
                .metric("auc", 0.5)
                .lineage("commit", "a")
                .build());

        VersionInfo again = registry.deploy(DeployRequest.of("m", source)
                .metric("auc", 0.7)
                .metric("rmse", 2.0)
                .lineage("run", "r1")
                .tag("team", "risk")
                .build());

        assertThat(again.version()).isEqualTo("1");
        assertThat(again.metrics()).isEqualTo(Map.of("auc", 0.7, "rmse", 2.0));
        assertThat(again.lineage()).containsEntry("commit", "a").containsEntry("run", "r1");
        assertThat(again.tags()).isEqualTo(Map.of("team", "risk"));
        assertThat(registry.history("m"))
                .last()
                .satisfies(it -> assertThat(it.reason()).contains("once more"));
        int entries = registry.history("m").size();
        registry.deploy(DeployRequest.of("m", source).metric("auc", 0.7).build());
        assertThat(registry.history("m")).hasSize(entries);
    }

    @Test
    void deployingTheContentOfARetiredVersionTakesItBack() throws IOException {
        deploy("1");
        Path source = model("second");
        registry.deploy(DeployRequest.of("m", source).version("2").build());
        registry.retire("m", "2");

        assertThat(registry.deploy(DeployRequest.of("m", source).build()).status())
                .isEqualTo(Status.REGISTERED);

        registry.retire("m", "2");
        assertThat(registry.deploy(DeployRequest.of("m", source).activate().build())
                        .status())
                .isEqualTo(Status.ACTIVE);
        assertThat(kitchen.endpoint("m").version()).isEqualTo("2");
    }

    @Test
    void refusesVersionsThatDifferInCaseOnly() throws IOException {
        deploy("v1");

        assertThatThrownBy(() -> deploy("V1"))
                .satisfies(it -> assertReason(it, Reason.CONFLICT))
                .hasMessageContaining("'v1'");
    }

    @Test
    void adoptsThePlainFilesOfADirectoryWhereItCreatesARegistry() throws IOException {
        FakeBackend.writeModel(directory, "plain", "lay here before");
        kitchen.refresh();

        deploy("1");

        assertThat(registry.list()).extracting(ModelInfo::name).containsExactly("m", "plain");
        kitchen.close();
        open();
        assertThat(kitchen.endpointNames()).containsExactly("m", "plain");
        assertThat(kitchen.endpoint("plain")
                        .predict("x", Models.x(1))
                        .tensor("tag")
                        .stringAt(0))
                .isEqualTo("lay here before");
    }

    @Test
    void remembersWhoDidWhat() throws IOException {
        deployActive("1");
        deployActive("2");
        registry.rollback("m");

        assertThat(registry.history("m"))
                .extracting(AuditEntry::operation)
                .containsSubsequence("deploy", "deploy", "activate", "rollback");
        assertThat(listener.swaps()).hasSize(3);
    }

    @Test
    void findsADifferenceInTheFiles() throws IOException {
        VersionInfo version = deploy("1");
        assertThat(registry.verify("m")).isEmpty();

        Files.writeString(version.path().resolve("m.fake"), "fake model w1.");

        assertThat(registry.verify("m")).singleElement().asString().contains("m.fake");
    }

    @Test
    void namesWhatIsNotThere() throws IOException {
        deploy("1");

        assertThatThrownBy(() -> registry.activate("nothing", "1"))
                .isInstanceOf(ModelNotFoundException.class)
                .hasMessageContaining("[m]");
        assertThatThrownBy(() -> registry.activate("m", "7"))
                .isInstanceOf(ModelNotFoundException.class)
                .hasMessageContaining("[1]");
        assertThatThrownBy(() ->
                        registry.deploy(DeployRequest.of("../m", model("v")).build()))
                .satisfies(it -> assertReason(it, Reason.INVALID));
    }

    @Test
    void opensAgainAsItWas() throws IOException {
        deployActive("1");
        deployActive("2");
        registry.alias("m", "champion", "1");
        kitchen.close();

        open();

        assertThat(kitchen.endpoint("m").version()).isEqualTo("2");
        assertThat(tag(CallOptions.version("champion"))).isEqualTo("v1");
    }

    private static void assertReason(Throwable thrown, Reason reason) {
        assertThat(thrown).isInstanceOf(RegistryException.class);
        assertThat(((RegistryException) thrown).reason()).isEqualTo(reason);
    }

    private VersionInfo deploy(String version) throws IOException {
        return registry.deploy(DeployRequest.of("m", model("v" + version))
                .version(version)
                .metric("auc", 0.9)
                .build());
    }

    private VersionInfo deployActive(String version) throws IOException {
        return registry.deploy(DeployRequest.of("m", model("v" + version))
                .version(version)
                .activate()
                .build());
    }

    private Path model(String tag) throws IOException {
        return FakeBackend.writeModel(sources, "m", tag);
    }

    private String tag() {
        return tag(CallOptions.defaults());
    }

    private String tag(CallOptions options) {
        return kitchen.endpoint("m")
                .predict("x", Models.x(1), options)
                .tensor("tag")
                .stringAt(0);
    }
}
