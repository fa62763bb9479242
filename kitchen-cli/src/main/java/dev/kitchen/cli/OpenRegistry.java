package dev.kitchen.cli;

import dev.kitchen.Kitchen;
import dev.kitchen.error.KitchenException;
import dev.kitchen.observe.KitchenListener;
import dev.kitchen.observe.RegistryEvent;
import dev.kitchen.registry.ModelRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A registry, and the kitchen that proves what is deployed to it; that loads nothing it is not asked for. */
final class OpenRegistry implements AutoCloseable, KitchenListener {

    private final Kitchen kitchen;
    private volatile Optional<KitchenException> failure = Optional.empty();

    private OpenRegistry(Path directory) {
        this.kitchen = Kitchen.builder()
                .models(directory)
                .lazyLoading(true)
                .watch(Duration.ZERO)
                .listener(this)
                .open();
    }

    static OpenRegistry at(Path directory) {
        return new OpenRegistry(directory);
    }

    Kitchen kitchen() {
        return kitchen;
    }

    ModelRegistry models() {
        return kitchen.registry();
    }

    @Override
    public void onRegistry(RegistryEvent event) {
        failure = event.failure();
    }

    /** Fails if the last operation took effect in this process only, which is about to end. */
    void requireWritten() {
        failure.ifPresent(it -> {
            throw it;
        });
    }

    @Override
    public void close() {
        kitchen.close();
    }
}
