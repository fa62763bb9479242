package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.registry.DeployRequest;
import dev.kitchen.testkit.Callers;
import dev.kitchen.testkit.FakeBackend;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A version is loaded for its proof and serves as it is, whoever looks at the registry meanwhile. */
@Timeout(120)
class LoadedOnceTest {

    private static final int DEPLOYS = 60;

    @TempDir
    Path directory;

    @TempDir
    Path sources;

    private final FakeBackend backend = new FakeBackend();

    @Test
    void loadsADeployedVersionOnceWhileOthersLookAtTheRegistry() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        try (Kitchen kitchen = Kitchen.builder()
                .models(directory)
                .backend(backend)
                .watch(Duration.ofMillis(1))
                .open()) {
            Callers lookers = Callers.start(2, (looker, started) -> {
                while (!done.get()) {
                    kitchen.refresh();
                    started.run();
                }
            });
            lookers.awaitStarted();
            try {
                for (int i = 1; i <= DEPLOYS; i++) {
                    deploy(kitchen, Integer.toString(i), i % 2 == 1);
                }
            } finally {
                done.set(true);
                lookers.join();
            }
            assertThat(backend.loads()).isEqualTo(DEPLOYS);
        }
        assertThat(backend.openSessions()).isZero();
    }

    private void deploy(Kitchen kitchen, String version, boolean activate) throws Exception {
        DeployRequest.Builder request = DeployRequest.of("m", FakeBackend.writeModel(sources, "m", "v" + version))
                .version(version);
        kitchen.registry().deploy(activate ? request.activate().build() : request.build());
    }
}
