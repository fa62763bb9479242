package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.ModelNotFoundException;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.error.RegistryException;
import dev.kitchen.observe.KitchenListener;
import dev.kitchen.observe.SwapEvent;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.registry.DeployRequest;
import dev.kitchen.registry.VersionInfo;
import dev.kitchen.store.DocumentRecovery;
import dev.kitchen.testkit.FakeBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What serves goes on serving, whatever happens to the registry's files. */
@Timeout(60)
class RegistryTroubleTest {

    @TempDir
    Path directory;

    @TempDir
    Path sources;

    private final FakeBackend backend = new FakeBackend();

    @AfterEach
    void leaksNoSession() {
        assertThat(backend.openSessions()).isZero();
        assertThat(backend.violations()).isZero();
    }

    @Test
    void readsTheSimpleFormOfTheDocument() throws IOException {
        Files.createDirectories(directory.resolve("models/m/v1"));
        FakeBackend.writeModel(directory.resolve("models/m/v1"), "model", "first");
        FakeBackend.writeModel(directory, "second", "second");
        Files.writeString(directory.resolve("registry.json"), """
                {"m": {"current_version": "v1", "versions": {
                  "v1": {"path": "models/m/v1", "performance_metrics": {"auc": 0.9}, "created_at": "2024-01-01T00:00:00Z",
                         "status": "active"},
                  "v2": {"path": "second.fake", "performance_metrics": {}, "created_at": "2024-02-01T00:00:00", "status": "staging"}}}}
                """);
        try (Kitchen kitchen = open()) {
            assertThat(tag(kitchen)).isEqualTo("first");
            kitchen.registry().activate("m", "v2");
            assertThat(tag(kitchen)).isEqualTo("second");
            assertThat(Files.readString(directory.resolve("registry.json"))).contains("performance_metrics");
        }
    }

    @Test
    void servesOnWithADamagedDocumentAndSaysSo() throws IOException {
        try (Kitchen kitchen = open()) {
            deploy(kitchen, "1");
            byte[] good = Files.readAllBytes(directory.resolve("registry.json"));
            Files.writeString(directory.resolve("registry.json"), "{\"m\": ");

            assertThatThrownBy(kitchen::refresh).isInstanceOf(RegistryException.class);

            assertThat(tag(kitchen)).isEqualTo("v1");
            assertThat(kitchen.health().status()).isEqualTo(Health.Status.DEGRADED);
            assertThat(kitchen.health().problems()).anyMatch(it -> it.contains("registry.json"));
            Files.write(directory.resolve("registry.json"), good);
            kitchen.refresh();
            assertThat(kitchen.health().status()).isEqualTo(Health.Status.UP);
        }
    }

    @Test
    void doesNotOpenOnADamagedDocumentAndNamesTheWayBack() throws IOException {
        try (Kitchen kitchen = open()) {
            deploy(kitchen, "1");
            deploy(kitchen, "2");
            Files.writeString(directory.resolve("registry.json"), "{\"m\": ");

            assertThatThrownBy(this::open)
                    .isInstanceOf(RegistryException.class)
                    .hasMessageContaining(directory.resolve("registry.json.bak") + " holds generation 1")
                    .hasMessageContaining("kitchen recover " + directory);

            DocumentRecovery.in(directory).restore();

            kitchen.refresh();
            assertThat(kitchen.health().status()).isEqualTo(Health.Status.UP);
            assertThat(tag(kitchen)).isEqualTo("v1");
            assertThat(kitchen.registry().describe("m").versions()).hasSize(1);
        }
        try (Kitchen kitchen = open()) {
            assertThat(tag(kitchen)).isEqualTo("v1");
        }
    }

    @Test
    void servesOnWhenAllFilesAreGone() throws IOException {
        try (Kitchen kitchen = open()) {
            deploy(kitchen, "1");
            deleteAll();

            assertThatThrownBy(kitchen::refresh).isInstanceOf(RegistryException.class);

            assertThat(tag(kitchen)).isEqualTo("v1");
            assertThat(kitchen.health().status()).isEqualTo(Health.Status.DEGRADED);
        }
    }

    @Test
    void servesOnWhenAModelIsNoLongerInTheDocument() throws IOException {
        try (Kitchen kitchen = open()) {
            deploy(kitchen, "1");
            Files.writeString(directory.resolve("registry.json"), "{\"$schema\": 2, \"$generation\": 99}");

            kitchen.refresh();

            assertThat(tag(kitchen)).isEqualTo("v1");
            assertThat(kitchen.health().problems()).anyMatch(it -> it.contains("'m'"));
        }
    }

    @Test
    void doesNotLoadAFileThatChangedSinceItWasDeployed() throws IOException {
        Path file;
        try (Kitchen kitchen = open()) {
            file = deploy(kitchen, "1").path().resolve("m.fake");
            deploy(kitchen, "2");
        }
        Files.writeString(file, "fake model w1.");

        try (Kitchen kitchen = open()) {
            assertThatThrownBy(() -> kitchen.endpoint("m"))
                    .isInstanceOf(NotReadyException.class)
                    .hasMessageNotContaining("m.fake")
                    .cause()
                    .hasMessageContaining("m.fake");
            assertThat(kitchen.registry().verify("m")).hasSize(1);
            kitchen.registry().activate("m", "2");
            assertThat(tag(kitchen)).isEqualTo("v2");
        }
    }

    @Test
    void refusesAPathThatLeadsOutAndServesTheRest() throws IOException {
        FakeBackend.writeModel(sources, "secret", "secret");
        FakeBackend.writeModel(directory, "good", "good");
        Files.writeString(directory.resolve("registry.json"), """
                {"good": {"current_version": "1", "versions": {"1": {"path": "good.fake"}}},
                 "evil": {"current_version": "1", "versions": {"1": {"path": "%s/secret.fake"}}},
                 "sly": {"current_version": "1", "versions": {"1": {"path": "../%s/secret.fake"}}}}
                """.formatted(sources, sources.getFileName()));
        try (Kitchen kitchen = open()) {
            assertThat(kitchen.endpoint("good").version()).isEqualTo("1");
            assertThatThrownBy(() -> kitchen.endpoint("evil")).isInstanceOf(NotReadyException.class);
            assertThatThrownBy(() -> kitchen.endpoint("sly")).isInstanceOf(NotReadyException.class);
        }
    }

    @Test
    void opensOnARegistryThatCannotBeWritten() throws IOException {
        try (Kitchen kitchen = open()) {
            deploy(kitchen, "1");
            deploy(kitchen, "2");
        }
        assertThat(Files.exists(directory.resolve("registry.json"))).isTrue();
        try (UnwritableDirectory unwritable = UnwritableDirectory.make(directory);
                Kitchen kitchen = open()) {
            assertThat(unwritable.directory()).exists();
            assertThat(tag(kitchen)).isEqualTo("v1");
            assertThatThrownBy(() -> kitchen.registry().alias("m", "champion", "1"))
                    .isInstanceOf(RegistryException.class);
            assertThat(tag(kitchen)).isEqualTo("v1");
        }
    }

    @Test
    void rollsBackInThisProcessWhereTheDocumentCannotBeWrittenAndWritesItLater() throws IOException {
        try (Kitchen kitchen = open()) {
            deploy(kitchen, "1");
            deploy(kitchen, "2");
            kitchen.registry().activate("m", "2");
            try (UnwritableDirectory unwritable = UnwritableDirectory.make(directory)) {
                assertThat(unwritable.directory()).exists();
                assertThat(kitchen.registry().rollback("m").version()).isEqualTo("1");
                assertThat(tag(kitchen)).isEqualTo("v1");
                assertThat(kitchen.health().status()).isEqualTo(Health.Status.DEGRADED);
            }

            kitchen.refresh();

            assertThat(kitchen.health().status()).isEqualTo(Health.Status.UP);
            assertThat(tag(kitchen)).isEqualTo("v1");
        }
        try (Kitchen kitchen = open()) {
            assertThat(tag(kitchen)).isEqualTo("v1");
        }
    }

    @Test
    void seesWhatAnotherKitchenDid() throws Exception {
        CountDownLatch swapped = new CountDownLatch(2);
        try (Kitchen one = open();
                Kitchen other = Kitchen.builder()
                        .models(directory)
                        .backend(backend)
                        .watch(Duration.ofMillis(20))
                        .listener(new KitchenListener() {
                            @Override
                            public void onSwap(SwapEvent event) {
                                swapped.countDown();
                            }
                        })
                        .open()) {
            deploy(one, "1");
            deploy(one, "2");
            one.registry().activate("m", "2");

            assertThat(swapped.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(tag(other)).isEqualTo("v2");
        }
    }

    @Test
    void loadsLazilyAtTheFirstCallAndWaitsNoLongerThanThatMay() throws IOException {
        try (Kitchen kitchen = open()) {
            deploy(kitchen, "1");
        }
        int loads = backend.loads();
        try (Kitchen kitchen = Kitchen.builder()
                .models(directory)
                .backend(backend)
                .watch(Duration.ZERO)
                .lazyLoading(true)
                .open()) {
            assertThat(backend.loads()).isEqualTo(loads);
            assertThat(kitchen.endpoint("m")
                            .predict("x", Models.x(1), CallOptions.timeLimit(Duration.ofSeconds(30)))
                            .version())
                    .isEqualTo("1");
            assertThat(backend.loads()).isEqualTo(loads + 1);
            assertThatThrownBy(() -> kitchen.endpoint("other")).isInstanceOf(ModelNotFoundException.class);
        }
    }

    private void deleteAll() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                if (!file.equals(directory)) {
                    Files.delete(file);
                }
            }
        }
    }

    private Kitchen open() {
        return Kitchen.builder()
                .models(directory)
                .backend(backend)
                .watch(Duration.ZERO)
                .open();
    }

    private VersionInfo deploy(Kitchen kitchen, String version) throws IOException {
        return kitchen.registry()
                .deploy(DeployRequest.of("m", FakeBackend.writeModel(sources, "m", "v" + version))
                        .version(version)
                        .build());
    }

    private static String tag(Kitchen kitchen) {
        return kitchen.endpoint("m").predict("x", Models.x(1)).tensor("tag").stringAt(0);
    }
}
