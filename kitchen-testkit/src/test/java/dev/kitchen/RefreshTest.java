package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.NotReadyException;
import dev.kitchen.predict.Prediction;
import dev.kitchen.testkit.Callers;
import dev.kitchen.testkit.FakeBackend;
import dev.kitchen.testkit.RecordingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RefreshTest {

    @TempDir
    Path directory;

    private final FakeBackend backend = new FakeBackend();
    private final RecordingListener listener = new RecordingListener();

    @AfterEach
    void leaksNoSession() {
        assertThat(backend.openSessions()).isZero();
        assertThat(backend.violations()).isZero();
    }

    @Test
    void servesWhatWasReplaced() throws IOException {
        FakeBackend.writeModel(directory, "m", "first");
        try (Kitchen kitchen = open()) {
            Endpoint endpoint = kitchen.endpoint("m");
            FakeBackend.writeModel(directory, "m", "replaced");
            kitchen.refresh();

            Prediction prediction = endpoint.predict("x", Models.x(1));

            assertThat(prediction.version()).isEqualTo("2");
            assertThat(prediction.tensor("tag").stringAt(0)).isEqualTo("replaced");
        }
    }

    @Test
    void loadsNothingThatDidNotChange() throws IOException {
        FakeBackend.writeModel(directory, "m", "first");
        try (Kitchen kitchen = open()) {
            kitchen.refresh();

            assertThat(backend.loads()).isEqualTo(1);
            assertThat(kitchen.endpoint("m").version()).isEqualTo("1");
        }
    }

    @Test
    void offersNewFilesAndThoseThatWereMended() throws IOException {
        FakeBackend.writeModel(directory, "m", "first");
        Files.writeString(directory.resolve("bad.fake"), "broken");
        try (Kitchen kitchen = open()) {
            FakeBackend.writeModel(directory, "bad", "mended");
            FakeBackend.writeModel(directory, "new", "new");
            kitchen.refresh();

            assertThat(kitchen.endpointNames()).containsExactly("bad", "m", "new");
            assertThat(kitchen.endpoint("bad").predict("x", Models.x(1)).version())
                    .isEqualTo("2");
            assertThat(kitchen.endpoint("new").predict("x", Models.x(1)).version())
                    .isEqualTo("1");
        }
    }

    @Test
    void keepsServingWhenTheFileIsBrokenOrGone() throws IOException {
        Path file = FakeBackend.writeModel(directory, "m", "first");
        try (Kitchen kitchen = open()) {
            Files.writeString(file, "broken");
            kitchen.refresh();
            Files.delete(file);
            kitchen.refresh();

            assertThat(kitchen.endpoint("m").predict("x", Models.x(1)).version())
                    .isEqualTo("1");
            assertThat(listener.loads()).hasSize(2);
            assertThat(listener.loads().get(1).failure()).isPresent();
        }
    }

    @Test
    void failsNoCallThatRunsMeanwhile() throws Exception {
        FakeBackend.writeModel(directory, "m", "v1");
        try (Kitchen kitchen = open()) {
            Endpoint endpoint = kitchen.endpoint("m");
            AtomicBoolean done = new AtomicBoolean();
            Callers callers = Callers.start(6, (caller, started) -> {
                while (!done.get()) {
                    Prediction prediction = endpoint.predict("x", Models.x(caller));
                    assertThat(prediction.tensor("tag").stringAt(0)).isEqualTo("v" + prediction.version());
                    started.run();
                }
            });
            callers.awaitStarted();
            for (int version = 2; version <= 60; version++) {
                FakeBackend.writeModel(directory, "next", "v" + version);
                Files.move(
                        directory.resolve("next.fake"),
                        directory.resolve("m.fake"),
                        java.nio.file.StandardCopyOption.ATOMIC_MOVE);
                kitchen.refresh();
            }
            done.set(true);
            callers.join();
            assertThat(endpoint.version()).isEqualTo("60");
        }
    }

    @Test
    void isRefusedOnceClosed() throws IOException {
        FakeBackend.writeModel(directory, "m", "first");
        Kitchen kitchen = open();
        kitchen.close();

        assertThatThrownBy(kitchen::refresh).isInstanceOf(NotReadyException.class);
    }

    private Kitchen open() {
        return Kitchen.builder()
                .models(directory)
                .backend(backend)
                .listener(listener)
                .open();
    }
}
