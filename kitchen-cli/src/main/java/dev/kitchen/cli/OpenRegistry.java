package dev.kitchen.cli;

import dev.kitchen.Kitchen;
import dev.kitchen.registry.ModelRegistry;
import java.nio.file.Path;
import java.time.Duration;

/** A registry, and the kitchen that proves what is deployed to it; that loads nothing it is not asked for. */
record OpenRegistry(Kitchen kitchen, ModelRegistry models) implements AutoCloseable {

    static OpenRegistry at(Path directory) {
        Kitchen kitchen = Kitchen.builder()
                .models(directory)
                .lazyLoading(true)
                .watch(Duration.ZERO)
                .open();
        return new OpenRegistry(kitchen, kitchen.registry());
    }

    @Override
    public void close() {
        kitchen.close();
    }
}
