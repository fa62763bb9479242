package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.registry.DeployRequest;
import dev.kitchen.testkit.FakeBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whoever decided last which version answers, in this process or another one, is obeyed; what took longer is not. */
@Timeout(120)
class NewestOperationTest {

    @TempDir
    Path directory;

    @TempDir
    Path sources;

    private final FakeBackend backend = new FakeBackend();
    private final HeldLoads loads = new HeldLoads(backend);
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void leaksNothing() throws InterruptedException {
        threads.shutdown();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThat(backend.openSessions()).isZero();
        assertThat(backend.violations()).isZero();
    }

    @Test
    void rollsBackFromWhatAnotherProcessMadeCurrent() throws IOException {
        try (Kitchen one = open();
                Kitchen other = open()) {
            deploy(one, "1");
            deploy(one, "2");
            other.refresh();
            deploy(other, "3");

            assertThat(one.registry().rollback("m").version()).isEqualTo("2");

            assertThat(tag(one)).isEqualTo("v2");
            other.refresh();
            assertThat(tag(other)).isEqualTo("v2");
        }
    }

    @Test
    void operationsSeeModelsVersionsAndAliasesOfOtherProcesses() throws IOException {
        try (Kitchen one = open();
                Kitchen other = open()) {
            deploy(one, "1");
            one.registry().alias("m", "best", "1");
            deploy(one, "2");

            assertThat(other.registry().activate("m", "best").version()).isEqualTo("1");

            one.registry().alias("m", "best", "2");
            assertThat(other.registry().activate("m", "best").version()).isEqualTo("2");
        }
    }

    @Test
    void aDeployThatTookLongChangesNothingAfterAnotherVersionWasActivated() throws Exception {
        try (Kitchen kitchen = open()) {
            deploy(kitchen, "1");
            deploy(kitchen, "2");
            Future<?> slow = slowDeploy(kitchen);
            kitchen.registry().activate("m", "1");
            loads.release();
            slow.get();

            assertThat(tag(kitchen)).isEqualTo("v1");
            assertThat(kitchen.registry().describe("m").currentVersion()).hasValue("1");
        }
    }

    @Test
    void aDeployThatTookLongChangesNothingAfterAnotherProcessActivatedAVersion() throws Exception {
        try (Kitchen kitchen = open();
                Kitchen other = open()) {
            deploy(kitchen, "1");
            deploy(kitchen, "2");
            Future<?> slow = slowDeploy(kitchen);
            other.registry().activate("m", "1");
            loads.release();
            slow.get();

            assertThat(tag(kitchen)).isEqualTo("v1");
        }
    }

    @Test
    void aDeployThatTookLongChangesNothingAfterTheCurrentVersionWasConfirmed() throws Exception {
        try (Kitchen kitchen = open()) {
            deploy(kitchen, "1");
            deploy(kitchen, "2");
            Future<?> slow = slowDeploy(kitchen);
            kitchen.registry().activate("m", "2");
            loads.release();
            slow.get();

            assertThat(tag(kitchen)).isEqualTo("v2");
        }
    }

    @Test
    void aDeployActivatesThoughAnotherProcessHadActivatedBeforeItBegan() throws IOException {
        try (Kitchen one = open();
                Kitchen other = open()) {
            deploy(one, "1");
            deploy(other, "2");

            deploy(one, "3");

            assertThat(tag(one)).isEqualTo("v3");
            assertThat(one.registry().describe("m").previousVersions()).containsExactly("2", "1");
        }
    }

    @Test
    void aLookAtTheRegistryThatTookLongUndoesNoLaterOperation() throws Exception {
        try (Kitchen kitchen = open();
                Kitchen other = open()) {
            deploy(kitchen, "1");
            deploy(kitchen, "2");
            other.refresh();
            deploy(other, "3", false);
            other.registry().alias("m", "challenger", "3");
            loads.hold("v3");
            Future<?> look = threads.submit(kitchen::refresh);
            loads.awaitHeld();
            kitchen.registry().rollback("m");
            loads.release();
            look.get();

            assertThat(tag(kitchen)).isEqualTo("v1");
            assertThat(kitchen.registry().describe("m").currentVersion()).hasValue("1");
        }
    }

    /** Deploys and activates version 3, on another thread, up to where it is loaded. */
    private Future<?> slowDeploy(Kitchen kitchen) throws InterruptedException {
        loads.hold("v3");
        Future<?> slow = threads.submit(() -> {
            deploy(kitchen, "3");
            return null;
        });
        loads.awaitHeld();
        return slow;
    }

    private Kitchen open() {
        return Kitchen.builder()
                .models(directory)
                .backend(loads)
                .watch(Duration.ZERO)
                .open();
    }

    private void deploy(Kitchen kitchen, String version) throws IOException {
        deploy(kitchen, version, true);
    }

    private void deploy(Kitchen kitchen, String version, boolean activate) throws IOException {
        Path source = Files.createTempDirectory(sources, "source");
        DeployRequest.Builder request = DeployRequest.of("m", FakeBackend.writeModel(source, "m", "v" + version))
                .version(version);
        if (activate) {
            request.activate();
        }
        kitchen.registry().deploy(request.build());
    }

    private static String tag(Kitchen kitchen) {
        return kitchen.endpoint("m").predict("x", Models.x(1)).tensor("tag").stringAt(0);
    }
}
