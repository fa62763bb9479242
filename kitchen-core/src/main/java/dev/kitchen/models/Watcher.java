package dev.kitchen.models;

import dev.kitchen.base.Nanos;
import dev.kitchen.base.ServiceThread;
import dev.kitchen.error.KitchenException;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the models again and again, on a thread of its own. Where the file system says that something changed, it
 * looks at once; as not every file system does, it looks anyway after a while.
 */
final class Watcher {

    private static final Logger LOGGER = LoggerFactory.getLogger(Watcher.class);

    /** By how much the pauses differ, so that many processes do not look all at once. */
    private static final double JITTER = 0.1;

    private final Runnable look;
    private final long intervalNanos;
    private final Optional<WatchService> hints;
    private final ServiceThread thread = new ServiceThread("kitchen-watcher", this::lookAfterPause);
    private volatile boolean closed;
    private String lastFailure = "";

    Watcher(Path models, Duration interval, Runnable look) {
        this.look = look;
        this.intervalNanos = Nanos.of(interval);
        this.hints = hints(models);
    }

    private static Optional<WatchService> hints(Path models) {
        if (!Files.isDirectory(models)) {
            return Optional.empty();
        }
        try {
            WatchService service = models.getFileSystem().newWatchService();
            models.register(service, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
            return Optional.of(service);
        } catch (IOException | UnsupportedOperationException e) {
            LOGGER.debug("{} gives no hints, looking every now and then", models, e);
            return Optional.empty();
        }
    }

    void start() {
        thread.start();
    }

    /** Why nobody looks; empty if somebody does. */
    Optional<String> problem() {
        return thread.problem();
    }

    private boolean lookAfterPause() {
        pause();
        if (!closed) {
            lookOnce();
        }
        return !closed;
    }

    private void lookOnce() {
        try {
            look.run();
            lastFailure = "";
        } catch (KitchenException e) {
            String failure = String.valueOf(e.getMessage());
            if (!failure.equals(lastFailure) && !closed) {
                LOGGER.warn("the models cannot be looked at, what serves goes on: {}", failure);
            }
            lastFailure = failure;
        }
    }

    private void pause() {
        long nanos = (long)
                (intervalNanos * (1 + JITTER * (ThreadLocalRandom.current().nextDouble() * 2 - 1)));
        if (hints.isEmpty()) {
            LockSupport.parkNanos(this, nanos);
            return;
        }
        try {
            WatchKey key = hints.get().poll(nanos, TimeUnit.NANOSECONDS);
            if (key != null) {
                key.pollEvents();
                key.reset();
            }
        } catch (InterruptedException | ClosedWatchServiceException e) {
            LOGGER.debug("the watcher ends", e);
        }
    }

    /** Ends the thread. Does not wait for what it is loading. */
    void close() {
        closed = true;
        thread.unpark();
        hints.ifPresent(it -> {
            try {
                it.close();
            } catch (IOException e) {
                LOGGER.debug("closing the hints failed", e);
            }
        });
    }

    /** Waits for the thread to end, but no longer than that. */
    void awaitEnd(long nanos) {
        thread.awaitEnd(nanos);
    }
}
