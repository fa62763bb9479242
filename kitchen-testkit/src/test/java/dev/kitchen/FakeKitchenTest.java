package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.testkit.FakeBackend;
import dev.kitchen.testkit.ManualTicker;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Each test has a kitchen with one fake model, {@code m}, and a clock that only it moves; nothing may be left behind. */
abstract class FakeKitchenTest {

    final FakeBackend backend = new FakeBackend();
    final ManualTicker ticker = new ManualTicker();
    Kitchen kitchen;
    Endpoint endpoint;

    @BeforeEach
    void open(@TempDir Path directory) throws IOException {
        FakeBackend.writeModel(directory, "m", "tag");
        kitchen = settings(Kitchen.builder())
                .models(directory)
                .backend(backend)
                .ticker(ticker)
                .open();
        endpoint = kitchen.endpoint("m");
    }

    /** What a test sets besides. */
    Kitchen.Builder settings(Kitchen.Builder builder) {
        return builder;
    }

    @AfterEach
    void close() {
        backend.release();
        kitchen.close();
        assertThat(backend.violations()).isZero();
        assertThat(backend.openSessions()).isZero();
    }
}
