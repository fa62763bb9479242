package dev.kitchen.runtime;

import dev.kitchen.base.ForeignCode;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes once, however many threads ask for it; the others wait until it is done. Never throws. */
public final class CloseOnce {

    private static final Logger LOGGER = LoggerFactory.getLogger(CloseOnce.class);

    private final BooleanSupplier waitedFor;
    private final Runnable action;
    private final AtomicReference<@Nullable Thread> closer = new AtomicReference<>();
    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook = new Thread(this::closeNow, "kitchen-shutdown");

    /**
     * @param waitedFor whether closing waits for the calling thread
     * @param action closes
     */
    public CloseOnce(BooleanSupplier waitedFor, Runnable action) {
        this.waitedFor = waitedFor;
        this.action = action;
    }

    /** Closes also when the JVM ends. */
    public void atJvmShutdown() {
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException e) {
            LOGGER.debug("the JVM is ending already", e);
        }
    }

    /** Closes and waits until it is done; only lets it be done where it would wait for the calling thread. */
    public void close() {
        if (waitedFor.getAsBoolean()
                && ForeignCode.attempt("starting the thread that closes the kitchen", this::closeElsewhere)) {
            return;
        }
        closeNow();
    }

    private void closeElsewhere() {
        Thread thread = new Thread(this::closeNow, "kitchen-closer");
        thread.setDaemon(true);
        thread.start();
    }

    private void closeNow() {
        if (!closer.compareAndSet(null, Thread.currentThread())) {
            awaitOther();
            return;
        }
        try {
            action.run();
        } catch (Throwable e) {
            ForeignCode.logFailure("closing the kitchen", e);
        } finally {
            done.countDown();
            removeHook();
        }
    }

    private void awaitOther() {
        if (closer.get() == Thread.currentThread()) {
            return;
        }
        try {
            done.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A hook that stayed would keep the class loader of a stopped web application in memory. */
    private void removeHook() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            LOGGER.debug("the JVM is ending", e);
        }
    }
}
