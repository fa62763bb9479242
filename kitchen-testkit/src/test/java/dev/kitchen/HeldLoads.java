package dev.kitchen;

import dev.kitchen.spi.Backend;
import dev.kitchen.spi.Finding;
import dev.kitchen.spi.InferenceSession;
import dev.kitchen.testkit.FakeBackend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The fake backend, but loading a model with a certain tag waits, once that was asked for, until it is let go. */
final class HeldLoads implements Backend {

    private static final long LIMIT_SECONDS = 60;

    private final FakeBackend backend;
    private final AtomicInteger loads = new AtomicInteger();
    private volatile String heldTag = "";
    private volatile CountDownLatch arrived = new CountDownLatch(0);
    private volatile CountDownLatch released = new CountDownLatch(0);

    HeldLoads(FakeBackend backend) {
        this.backend = backend;
    }

    void hold(String tag) {
        arrived = new CountDownLatch(1);
        released = new CountDownLatch(1);
        heldTag = tag;
    }

    /** Waits until a load is held. */
    void awaitHeld() throws InterruptedException {
        if (!arrived.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("nothing loads a model with tag " + heldTag);
        }
    }

    void release() {
        heldTag = "";
        released.countDown();
    }

    /** How many loads were begun, also those that failed. */
    int begun() {
        return loads.get();
    }

    @Override
    public String name() {
        return backend.name();
    }

    @Override
    public boolean accepts(Path modelFile) {
        return backend.accepts(modelFile);
    }

    @Override
    public InferenceSession load(Path modelFile) {
        loads.incrementAndGet();
        try {
            if (!heldTag.isEmpty() && Files.readString(modelFile).contains(heldTag)) {
                arrived.countDown();
                if (!released.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                    throw new AssertionError("nobody let the load go on");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return backend.load(modelFile);
    }

    @Override
    public List<Finding> preflight() {
        return List.of();
    }
}
