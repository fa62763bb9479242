package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.NotReadyException;
import dev.kitchen.testkit.Callers;
import dev.kitchen.testkit.FakeBackend;
import dev.kitchen.testkit.RecordingListener;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CloseTest {

    @TempDir
    Path directory;

    private final FakeBackend backend = new FakeBackend();
    private final RecordingListener listener = new RecordingListener();

    @BeforeEach
    void writeModel() throws IOException {
        FakeBackend.writeModel(directory, "m", "tag");
    }

    @AfterEach
    void neverClosedASessionInUse() {
        assertThat(backend.violations()).isZero();
    }

    @Test
    void freesTheModelAndItsThreads() {
        Set<Thread> before = kitchenThreads();
        Kitchen kitchen = open(Duration.ofSeconds(10));
        kitchen.endpoint("m").predict("x", Models.x(1));
        kitchen.endpoint("m").predictAsync(java.util.Map.of("x", Models.x(1))).join();

        kitchen.close();

        assertThat(backend.openSessions()).isZero();
        assertThat(listener.closes()).singleElement().matches(it -> !it.leaked() && it.terminatedRuns() == 0);
        assertThat(kitchenThreads()).isEqualTo(before);
    }

    private static Set<Thread> kitchenThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(it -> it.getName().startsWith("kitchen-"))
                .collect(Collectors.toSet());
    }

    @Test
    void letsRunsEndThatTakeLessThanTheDrainLimit() throws InterruptedException {
        Kitchen kitchen = open(Duration.ofMinutes(1));
        Endpoint endpoint = kitchen.endpoint("m");
        backend.block();
        Callers caller = Callers.start(
                1,
                (number, started) -> assertThat(
                                endpoint.predict("x", Models.x(7)).tensor("echo"))
                        .isEqualTo(Models.x(7)));
        backend.awaitRunning(1);
        Callers closer = Callers.start(1, (number, started) -> kitchen.close());
        awaitRefusal(endpoint);
        assertThat(backend.openSessions()).isOne();

        backend.release();

        caller.join();
        closer.join();
        assertThat(backend.openSessions()).isZero();
    }

    private static void awaitRefusal(Endpoint endpoint) {
        while (true) {
            try {
                endpoint.predict("no such input", Models.x(1));
            } catch (NotReadyException e) {
                return;
            } catch (dev.kitchen.error.InvalidRequestException e) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void stopsRunsThatOutlastTheDrainLimit() throws InterruptedException {
        Kitchen kitchen = open(Duration.ZERO);
        Endpoint endpoint = kitchen.endpoint("m");
        backend.block();
        Callers callers = Callers.start(
                5,
                (number, started) -> assertThatThrownBy(() -> endpoint.predict("x", Models.x(1)))
                        .isInstanceOf(NotReadyException.class)
                        .hasMessageContaining("closing"));
        backend.awaitRunning(5);

        kitchen.close();

        callers.join();
        assertThat(backend.openSessions()).isZero();
        assertThat(listener.closes()).singleElement().matches(it -> it.terminatedRuns() == 5);
    }

    @Test
    void reportsARunThatDoesNotStopAndFreesItsModelOnceItEnds() throws InterruptedException {
        Kitchen kitchen = open(Duration.ZERO);
        Endpoint endpoint = kitchen.endpoint("m");
        backend.block();
        backend.ignoreStops(true);
        Callers caller = Callers.start(1, (number, started) -> endpoint.predict("x", Models.x(1)));
        backend.awaitRunning(1);

        kitchen.close();

        assertThat(backend.openSessions()).isOne();
        assertThat(listener.closes()).singleElement().matches(it -> it.leaked());
        backend.release();
        caller.join();
        Waits.until(() -> backend.openSessions() == 0);
    }

    @Test
    void closesOnceHoweverManyAskForIt() throws InterruptedException {
        Kitchen kitchen = open(Duration.ofSeconds(1));

        Callers.run(8, caller -> {
            kitchen.close();
            assertThat(backend.openSessions()).isZero();
        });

        assertThat(listener.closes()).hasSize(1);
    }

    @Test
    void canBeClosedByAnInterruptedThreadAndKeepsTheInterrupt() throws InterruptedException {
        Kitchen kitchen = open(Duration.ofSeconds(10));

        Callers.run(1, caller -> {
            Thread.currentThread().interrupt();
            kitchen.close();
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        });
        assertThat(backend.openSessions()).isZero();
        assertThat(listener.closes()).singleElement().matches(it -> !it.leaked());
    }

    @Test
    void canBeClosedFromInsideARun() throws InterruptedException {
        Kitchen kitchen = open(Duration.ZERO);
        Endpoint endpoint = kitchen.endpoint("m");
        backend.duringRuns(kitchen::close);

        endpoint.predict("x", Models.x(1));

        Waits.until(() -> backend.openSessions() == 0);
        assertThatThrownBy(() -> endpoint.predict("x", Models.x(1))).isInstanceOf(NotReadyException.class);
    }

    @Test
    void refusesEverythingOnceClosed() {
        Kitchen kitchen = open(Duration.ZERO);
        Endpoint endpoint = kitchen.endpoint("m");
        kitchen.close();

        assertThatThrownBy(() -> endpoint.predict("x", Models.x(1)))
                .isInstanceOf(NotReadyException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> endpoint.predictAsync(java.util.Map.of("x", Models.x(1))))
                .isInstanceOf(NotReadyException.class);
        assertThatThrownBy(() -> kitchen.endpoint("m")).isInstanceOf(NotReadyException.class);
        assertThat(endpoint.signature().inputs()).hasSize(1);
    }

    private Kitchen open(Duration drainLimit) {
        return Kitchen.builder()
                .models(directory)
                .backend(backend)
                .listener(listener)
                .drainLimit(drainLimit)
                .open();
    }
}
