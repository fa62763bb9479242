package dev.kitchen.tflite;

import dev.kitchen.spi.Backend;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import dev.kitchen.testkit.BackendContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

class TfliteBackendTest extends BackendContract {

    @TempDir
    Path models;

    @Override
    protected Backend backend() {
        return new TfliteBackend();
    }

    @Override
    protected Path model() throws IOException {
        return TestModels.classifier(models, "classifier", 1);
    }

    @Override
    protected Path slowModel() throws IOException {
        return TestModels.slow(models, 2_000);
    }

    @Override
    protected Map<String, Value> slowInputs() {
        return Map.of("x", Tensor.of(new float[512 * 512], 512, 512));
    }
}
