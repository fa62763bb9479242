package dev.kitchen.models;

import dev.kitchen.base.Nanos;
import dev.kitchen.error.ModelLoadException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads the models when a kitchen opens, and follows their changes from then on. Safe for use by many threads. */
public final class ModelWatch {

    private static final Logger LOGGER = LoggerFactory.getLogger(ModelWatch.class);

    private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(2);

    private final Path path;
    private final Optional<Duration> interval;
    private final ModelTable table;
    private final Runnable findRegistry;
    private final Runnable writeOverrides;
    private volatile @Nullable Watcher watcher;

    /**
     * Watches nothing yet.
     *
     * @param interval how often to look for changes: zero for never; empty for the default
     * @param findRegistry makes the table use the registry if there is one
     * @param writeOverrides writes the roll backs that could not be written before
     */
    public ModelWatch(
            Path path, Optional<Duration> interval, ModelTable table, Runnable findRegistry, Runnable writeOverrides) {
        this.path = path;
        this.interval = interval;
        this.table = table;
        this.findRegistry = findRegistry;
        this.writeOverrides = writeOverrides;
    }

    /**
     * Loads the models and begins to watch them. Blocks until all are loaded.
     *
     * @param isNamed whether the user named the path
     * @throws dev.kitchen.error.KitchenException if nothing can be served
     */
    public void open(boolean isNamed) {
        if (!isNamed) {
            requireDefaultPath();
        }
        findRegistry.run();
        table.open();
        Duration pause = interval.orElse(DEFAULT_INTERVAL);
        if (!pause.isZero()) {
            Watcher started = new Watcher(path, pause, this::look);
            watcher = started;
            started.start();
        }
    }

    private void requireDefaultPath() {
        if (!Files.exists(path)) {
            throw new ModelLoadException("models at " + path + ": does not exist, and no models(…) was set; expected a"
                    + " model file or a directory of model files");
        }
        LOGGER.info("no models(…) was set: opening {}", path);
    }

    private void look() {
        findRegistry.run();
        if (isActive()) {
            writeOverrides.run();
            table.poll();
        }
    }

    /** Looks for changes now. Blocks until all that is new is loaded. */
    public void refresh() {
        findRegistry.run();
        writeOverrides.run();
        table.refresh(true);
    }

    /** Returns whether changes are looked for. Plain files may be half copied, so they are watched only on request. */
    public boolean isActive() {
        return !interval.equals(Optional.of(Duration.ZERO)) && (interval.isPresent() || table.isRegistry());
    }

    /** Returns why changes are not noticed; empty if they are, or are not watched. */
    public Optional<String> problem() {
        return Optional.ofNullable(watcher).flatMap(Watcher::problem);
    }

    /** Ends watching. Does not wait for what the watcher is loading. */
    public void close() {
        Watcher present = watcher;
        if (present != null) {
            present.close();
        }
    }

    /** Waits for the watcher to end, no longer than until the given {@link System#nanoTime} time. */
    public void awaitEnd(long end) {
        Watcher present = watcher;
        if (present != null) {
            present.awaitEnd(Nanos.until(end, System.nanoTime()));
        }
    }
}
