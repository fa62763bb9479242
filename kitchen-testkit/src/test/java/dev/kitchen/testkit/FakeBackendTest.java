package dev.kitchen.testkit;

import dev.kitchen.spi.Backend;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** The fake keeps the contract too: what passes against it can pass against a real backend. */
class FakeBackendTest extends BackendContract {

    @TempDir
    Path models;

    private final FakeBackend backend = new FakeBackend();

    @Override
    protected Backend backend() {
        return backend;
    }

    @Override
    protected Path model() throws IOException {
        return FakeBackend.writeModel(models, "echo", "tag");
    }

    @Override
    protected Path slowModel() throws IOException {
        backend.block();
        return model();
    }

    @Override
    protected Map<String, Value> slowInputs() {
        return Map.of("x", Tensor.of(new float[] {1}, 1, 1));
    }

    @AfterEach
    void neverClosedASessionInUse() {
        org.assertj.core.api.Assertions.assertThat(backend.violations()).isZero();
    }
}
