package dev.kitchen.testkit;

import dev.kitchen.error.InferenceException;
import dev.kitchen.spi.RunContext;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** Where runs wait while a test holds them up. */
final class Gate {

    private final Lock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean closed;
    private boolean ignoresStops;

    void close() {
        change(() -> closed = true);
    }

    void open() {
        change(() -> closed = false);
    }

    void ignoreStops(boolean ignore) {
        change(() -> ignoresStops = ignore);
    }

    /** Wakes whoever waits, because something outside changed. */
    void signal() {
        change(() -> {});
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns once the gate is open; fails if the call is stopped before. */
    void pass(RunContext context) {
        context.onStop(this::signal);
        lock.lock();
        try {
            while (closed && (ignoresStops || !context.isStopped())) {
                awaitAsNativeCodeDoes();
            }
        } finally {
            lock.unlock();
            context.clearOnStop();
        }
        if (context.isStopped() && !ignoresStops) {
            throw new InferenceException("the run was stopped");
        }
    }

    /** An interrupt does not end the wait, and can be seen from outside all along. */
    @SuppressWarnings({"WaitNotInLoop", "LockNotBeforeTry"}) // the caller's loop, and its lock
    private void awaitAsNativeCodeDoes() {
        if (Thread.currentThread().isInterrupted()) {
            lock.unlock();
            Thread.onSpinWait();
            lock.lock();
            return;
        }
        try {
            changed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void awaitRunning(AtomicInteger running, int count) throws InterruptedException {
        lock.lock();
        try {
            while (running.get() < count) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }
}
