package dev.kitchen.store;

import dev.kitchen.spi.ControlStore;
import dev.kitchen.testkit.ControlStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class FileControlStoreTest extends ControlStoreContract {

    @TempDir
    Path directory;

    @Override
    protected ControlStore open() {
        return FileControlStore.in(directory);
    }
}
