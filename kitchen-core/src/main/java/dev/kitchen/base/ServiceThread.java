package dev.kitchen.base;

import dev.kitchen.error.NotReadyException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A daemon thread that does the same thing again and again until it is told to end. Nothing that is thrown, and no
 * interrupt, ends it; should it die all the same it is started again. {@link #problem} says where that does not help.
 */
public final class ServiceThread {

    private static final Logger LOGGER = LoggerFactory.getLogger(ServiceThread.class);

    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int FEW_FAILURES = 3;

    private final String name;
    private final Step step;
    private final Object lock = new Object();
    private volatile @Nullable Thread thread;
    private boolean wanted;
    /** Whether the thread has nothing more to do; guarded by the lock, as is {@code again}. */
    private boolean ended;
    /** Whether it is to make another pass before it ends, as somebody started it while it was running. */
    private boolean again;

    private volatile int failuresInARow;
    private volatile String lastFailure = "";

    /** What the thread does again and again. */
    @FunctionalInterface
    public interface Step {

        /** Returns whether to go on; false ends the thread. */
        boolean pass() throws InterruptedException;
    }

    /** A thread of this name, which is not started yet. */
    public ServiceThread(String name, Step step) {
        this.name = name;
        this.step = step;
    }

    /**
     * Starts the thread, also again after its end. While it runs, or is about to end, it makes another pass at least.
     *
     * @throws NotReadyException if no thread can be created
     */
    public void start() {
        try {
            synchronized (lock) {
                wanted = true;
                again = true;
                startIfDead();
            }
        } catch (Throwable e) {
            throw new NotReadyException(words("cannot be started", e), e);
        }
    }

    private void startIfDead() {
        synchronized (lock) {
            Thread present = thread;
            if (wanted && (ended || present == null || present.getState() == Thread.State.TERMINATED)) {
                Thread fresh = new Thread(this::loop, name);
                fresh.setDaemon(true);
                fresh.start();
                thread = fresh;
                ended = false;
                again = false;
            }
        }
    }

    private void loop() {
        boolean over = false;
        try {
            while (!over) {
                over = !pass() && end();
            }
        } finally {
            if (!over) {
                died();
            }
        }
    }

    /** Whether the thread is to end, as nobody has started it again meanwhile. */
    private boolean end() {
        synchronized (lock) {
            ended = !again;
            wanted = again;
            again = false;
            return ended;
        }
    }

    private void died() {
        synchronized (lock) {
            ended = true;
        }
        ForeignCode.attempt("starting thread '" + name + "' again", this::startIfDead);
    }

    private boolean pass() {
        // Foreign code that runs on this thread may leave an interrupt behind, with which no pause would last.
        Thread.interrupted();
        try {
            boolean goesOn = step.pass();
            if (failuresInARow != 0) {
                failuresInARow = 0;
            }
            return goesOn;
        } catch (InterruptedException e) {
            LOGGER.debug("{} does not end by an interrupt", name, e);
        } catch (Throwable e) {
            noteFailure(e);
        }
        return true;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // only this thread writes
    private void noteFailure(Throwable failure) {
        lastFailure = ForeignCode.describe(failure);
        int count = ++failuresInARow;
        if (Integer.bitCount(count) == 1) {
            ForeignCode.logFailure("thread '" + name + "'", failure);
        }
        if (Thread.interrupted()) {
            // An interrupt also ends the next time that the thread parks, if it did not park since.
            LockSupport.parkNanos(this, 1);
        }
        LockSupport.parkNanos(this, Math.min(LONGEST_PAUSE_NANOS, FIRST_PAUSE_NANOS << Math.min(count, 20)));
    }

    /** Returns why the work is not done; empty if it is. Starts the thread again if it died. */
    public Optional<String> problem() {
        try {
            startIfDead();
        } catch (Throwable e) {
            return Optional.of(words("died and cannot be started again", e));
        }
        return failuresInARow < FEW_FAILURES
                ? Optional.empty()
                : Optional.of("thread '" + name + "' fails again and again: " + lastFailure);
    }

    private String words(String what, Throwable reason) {
        return "thread '" + name + "' " + what + ": " + ForeignCode.describe(reason);
    }

    /** Ends a pause of the thread, if it parks. */
    public void unpark() {
        LockSupport.unpark(thread);
    }

    /** Whether the calling thread is this one. */
    public boolean isCurrent() {
        return Thread.currentThread().equals(thread);
    }

    /**
     * Waits for the end of the thread, which somebody has told it; not where that is the calling thread. An interrupt does
     * not end the wait; it is kept for later.
     *
     * @return false if the time passed before
     */
    public boolean awaitEnd(long nanos) {
        Thread present = thread;
        return present == null || awaitEnd(present, nanos);
    }

    /** As {@link #awaitEnd(long)}, for any thread. */
    public static boolean awaitEnd(Thread thread, long nanos) {
        if (thread.equals(Thread.currentThread())) {
            return false;
        }
        long end = Nanos.after(System.nanoTime(), nanos);
        boolean interrupted = false;
        try {
            while (thread.isAlive()) {
                long left = Nanos.until(end, System.nanoTime());
                if (left == 0) {
                    return false;
                }
                try {
                    TimeUnit.NANOSECONDS.timedJoin(thread, left);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            return true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
