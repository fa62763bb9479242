package dev.kitchen.testkit;

import dev.kitchen.error.ModelLoadException;
import dev.kitchen.spi.Backend;
import dev.kitchen.spi.Finding;
import dev.kitchen.spi.InferenceSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * A backend without arithmetic, whose answers tell what they answer: a model file holds a tag, and each prediction returns
 * its own input and that tag. A test can make it block, fail and count. Safe for use by many threads.
 *
 * <p>Signature: input {@code x} FLOAT [rows, columns]; outputs {@code echo} like {@code x}, {@code sum} DOUBLE [rows]
 * and {@code tag} STRING [1]; {@link #inRows} for a tag per row.
 */
public final class FakeBackend implements Backend {

    /** What the names of model files end in. */
    public static final String SUFFIX = ".fake";

    private static final String HEAD = "fake model ";
    private static final String TAIL = ".";

    private final AtomicInteger loads = new AtomicInteger();
    private final AtomicInteger runs = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger openSessions = new AtomicInteger();
    private final AtomicInteger violations = new AtomicInteger();
    private final Gate gate = new Gate();
    private volatile Optional<Supplier<? extends RuntimeException>> failure = Optional.empty();
    private volatile Runnable duringRuns = () -> {};
    private boolean inRows;

    /** A backend that neither blocks nor fails. */
    public FakeBackend() {}

    /** From now on models are loaded whose rows are independent, and so may be batched: {@code tag} is STRING [rows]. */
    public FakeBackend inRows() {
        inRows = true;
        return this;
    }

    /** Writes a model file whose predictions carry this tag; its endpoint is called like the file without suffix. */
    public static Path writeModel(Path directory, String name, String tag) throws IOException {
        return Files.writeString(directory.resolve(name + SUFFIX), HEAD + tag + TAIL);
    }

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public boolean accepts(Path modelFile) {
        return modelFile.getFileName().toString().endsWith(SUFFIX);
    }

    @Override
    public InferenceSession load(Path modelFile) {
        try {
            String text = Files.readString(modelFile);
            if (!text.startsWith(HEAD) || !text.endsWith(TAIL)) {
                throw new ModelLoadException("model file " + modelFile + ": is not a fake model, expected '" + HEAD
                        + "...'; write it with FakeBackend.writeModel");
            }
            loads.incrementAndGet();
            openSessions.incrementAndGet();
            return new FakeSession(this, inRows, text.substring(HEAD.length(), text.length() - TAIL.length()));
        } catch (IOException e) {
            throw new ModelLoadException("model file " + modelFile + ": cannot be read: " + e, e);
        }
    }

    @Override
    public List<Finding> preflight() {
        return List.of();
    }

    /** From now on runs wait inside the model until {@link #release}, or until they are stopped. */
    public void block() {
        gate.close();
    }

    /** Lets the waiting runs and all later ones go on. */
    public void release() {
        gate.open();
    }

    /** Whether waiting runs ignore being stopped, as one endless operator of a real model does. */
    public void ignoreStops(boolean ignore) {
        gate.ignoreStops(ignore);
    }

    /** Waits until this many runs are inside the model. */
    public void awaitRunning(int count) throws InterruptedException {
        gate.awaitRunning(running, count);
    }

    /** From now on runs fail with what the supplier makes. */
    public void fail(Supplier<? extends RuntimeException> exception) {
        this.failure = Optional.of(exception);
    }

    /** From now on runs succeed again. */
    public void recover() {
        this.failure = Optional.empty();
    }

    /** Does something on the thread of every run, between reading the input and answering. */
    public void duringRuns(Runnable action) {
        this.duringRuns = action;
    }

    /** How many models were loaded. */
    public int loads() {
        return loads.get();
    }

    /** How many runs began. */
    public int runs() {
        return runs.get();
    }

    /** How many runs are inside the model now. */
    public int running() {
        return running.get();
    }

    /** How many sessions are loaded and not closed. */
    public int openSessions() {
        return openSessions.get();
    }

    /**
     * How often a session was closed during a run, closed twice, or run after it was closed: each of them would have
     * killed the JVM with a native runtime.
     */
    public int violations() {
        return violations.get();
    }

    Gate gate() {
        return gate;
    }

    Runnable duringRuns() {
        return duringRuns;
    }

    void begin() {
        runs.incrementAndGet();
        running.incrementAndGet();
        gate.signal();
        failure.ifPresent(it -> {
            throw it.get();
        });
    }

    void end() {
        running.decrementAndGet();
        gate.signal();
    }

    void sessionClosed() {
        openSessions.decrementAndGet();
    }

    void violation() {
        violations.incrementAndGet();
    }
}
