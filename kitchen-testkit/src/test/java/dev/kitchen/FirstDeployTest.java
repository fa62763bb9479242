package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.registry.DeployRequest;
import dev.kitchen.registry.VersionInfo;
import dev.kitchen.testkit.FakeBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A directory of plain files becomes a registry with its first deploy, and from then on the document decides. */
@Timeout(60)
class FirstDeployTest {

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

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5, 50})
    void theDocumentDecidesHoweverOftenThePlainFilesWereLookedAt(int refreshes) throws IOException {
        FakeBackend.writeModel(directory, "m", "old");
        try (Kitchen kitchen = open(directory)) {
            for (int i = 0; i < refreshes; i++) {
                kitchen.refresh();
            }

            VersionInfo deployed = deploy(kitchen);

            assertThat(deployed.status()).isEqualTo(VersionInfo.Status.ACTIVE);
            assertThat(deployed.runtime().state()).isEqualTo(VersionInfo.State.READY);
            assertThat(tag(kitchen)).isEqualTo("new");
            assertThat(kitchen.registry().rollback("m").version()).isEqualTo("1");
            assertThat(tag(kitchen)).isEqualTo("old");
            kitchen.registry().deactivate("m");
            assertThat(kitchen.endpointNames()).isEmpty();
            kitchen.refresh();
            assertThat(kitchen.endpointNames()).isEmpty();
            assertThat(kitchen.health().status()).isEqualTo(Health.Status.UP);
        }
    }

    @Test
    void aRelativePathIsAsGoodAsAnyOther() throws IOException {
        Path relative = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "models");
        assertThat(relative).isRelative();
        try {
            FakeBackend.writeModel(relative, "m", "old");
            try (Kitchen kitchen = open(relative)) {
                deploy(kitchen);

                assertThat(tag(kitchen)).isEqualTo("new");
                kitchen.registry().rollback("m");
                assertThat(tag(kitchen)).isEqualTo("old");
                assertThat(kitchen.registry().verify("m")).isEmpty();
            }
            try (Kitchen kitchen = open(Path.of(".").resolve(relative))) {
                assertThat(tag(kitchen)).isEqualTo("old");
                kitchen.registry().alias("m", "champion", "2");
                kitchen.registry().activate("m", "champion");
                assertThat(tag(kitchen)).isEqualTo("new");
            }
        } finally {
            delete(relative);
        }
    }

    private static void delete(Path path) throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private Kitchen open(Path models) {
        return Kitchen.builder()
                .models(models)
                .backend(backend)
                .watch(Duration.ZERO)
                .open();
    }

    private VersionInfo deploy(Kitchen kitchen) throws IOException {
        return kitchen.registry()
                .deploy(DeployRequest.of("m", FakeBackend.writeModel(sources, "m", "new"))
                        .activate()
                        .build());
    }

    private static String tag(Kitchen kitchen) {
        return kitchen.endpoint("m").predict("x", Models.x(1)).tensor("tag").stringAt(0);
    }
}
