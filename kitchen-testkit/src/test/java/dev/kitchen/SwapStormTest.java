package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.predict.Prediction;
import dev.kitchen.registry.DeployRequest;
import dev.kitchen.registry.VersionPolicy;
import dev.kitchen.testkit.Callers;
import dev.kitchen.testkit.FakeBackend;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Versions come and go under their callers: no call fails, and every answer is from the version it names. */
@Timeout(300)
class SwapStormTest {

    private static final Logger LOGGER = LoggerFactory.getLogger(SwapStormTest.class);

    @TempDir
    Path directory;

    @TempDir
    Path sources;

    private final FakeBackend backend = new FakeBackend();
    private final AtomicLong answers = new AtomicLong();

    /** What one step of a storm does to the model. */
    private interface Step {
        void take(Kitchen kitchen, int number) throws IOException;
    }

    @Test
    void failsNoCallWhileTwoResidentVersionsTakeTurns() throws Exception {
        storm(300, SwapStormTest::flip);
        assertThat(backend.loads()).isEqualTo(2);
    }

    @Test
    void failsNoCallWhileVersionsAreLoadedAndUnloaded() throws Exception {
        storm(60, this::replace);
    }

    @Test
    @Tag("proof")
    @Timeout(1_800)
    void failsNoCallInALongStorm() throws Exception {
        storm(10_000, SwapStormTest::flip);
        storm(1_500, this::replace);
    }

    private static void flip(Kitchen kitchen, int number) {
        kitchen.registry().activate("m", number % 2 == 0 ? "1" : "2");
    }

    /** Each version is deployed, serves, and is deleted once it is no longer the one to roll back to. */
    private void replace(Kitchen kitchen, int number) throws IOException {
        String version = Integer.toString(number + 3);
        deploy(kitchen, version, true);
        String old = Integer.toString(number + 1);
        if (number % 3 == 0 && kitchen.registry().describe("m").version(old).isPresent()) {
            kitchen.registry().rollback("m");
        }
    }

    private void storm(int steps, Step step) throws Exception {
        try (Kitchen kitchen = Kitchen.builder()
                .models(directory)
                .backend(backend)
                .watch(Duration.ofMillis(50))
                .open()) {
            if (kitchen.endpointNames().isEmpty()) {
                deploy(kitchen, "1", true);
                deploy(kitchen, "2", false);
                kitchen.registry().policy("m", new VersionPolicy.Latest(1));
            }
            Endpoint endpoint = kitchen.endpoint("m");
            AtomicBoolean done = new AtomicBoolean();
            Callers callers = Callers.start(8, (caller, started) -> {
                while (!done.get()) {
                    Prediction prediction = endpoint.predict("x", Models.x(caller));
                    assertThat(prediction.tensor("tag").stringAt(0)).isEqualTo("v" + prediction.version());
                    assertThat(prediction.tensor("echo")).isEqualTo(Models.x(caller));
                    answers.incrementAndGet();
                    started.run();
                }
            });
            callers.awaitStarted();
            for (int i = 0; i < steps; i++) {
                step.take(kitchen, i);
            }
            done.set(true);
            callers.join();
        }
        LOGGER.warn("swap storm: {} steps, {} answers", steps, answers);
        assertThat(backend.openSessions()).isZero();
        assertThat(backend.violations()).isZero();
    }

    private void deploy(Kitchen kitchen, String version, boolean activate) throws IOException {
        DeployRequest.Builder request = DeployRequest.of("m", FakeBackend.writeModel(sources, "m", "v" + version))
                .version(version);
        kitchen.registry().deploy(activate ? request.activate().build() : request.build());
    }
}
