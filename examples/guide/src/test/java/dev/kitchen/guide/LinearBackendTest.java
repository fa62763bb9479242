package dev.kitchen.guide;

import dev.kitchen.spi.Backend;
import dev.kitchen.tensor.Value;
import dev.kitchen.testkit.BackendContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

// snippet: plug-ins-contract
class LinearBackendTest extends BackendContract {

    @TempDir
    Path models;

    @Override
    protected Backend backend() {
        return new LinearBackend();
    }

    @Override
    protected Path model() throws IOException {
        return Files.writeString(models.resolve("model.linear"), "3 0.5 -1 2");
    }

    @Override
    protected boolean supportsStopping() {
        return false; // a run takes microseconds
    }

    @Override
    protected Path slowModel() {
        throw new UnsupportedOperationException();
    }

    @Override
    protected Map<String, Value> slowInputs() {
        throw new UnsupportedOperationException();
    }
}
// end
