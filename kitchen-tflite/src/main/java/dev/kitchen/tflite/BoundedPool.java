package dev.kitchen.tflite;

import dev.kitchen.error.InferenceException;
import dev.kitchen.spi.RunContext;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Things of which only so many are in use at a time. Who finds all in use waits until one is given back or the call is
 * stopped.
 */
final class BoundedPool<T> {

    private final AtomicInteger free;
    private final AtomicReferenceArray<@Nullable T> idle;
    private final Consumer<T> freeing;
    private final AtomicInteger waiting = new AtomicInteger();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    BoundedPool(int size, Consumer<T> freeing) {
        this.free = new AtomicInteger(size);
        this.idle = new AtomicReferenceArray<>(size);
        this.freeing = freeing;
    }

    /**
     * Takes a place, and the thing that is idle there. What was taken is given back by {@link #give} or {@link #drop}.
     *
     * @return null where none is idle, and the caller is to make one
     * @throws InferenceException if the call is stopped first
     */
    @Nullable
    T take(RunContext context) {
        if (!tryAcquire()) {
            await(context);
        }
        for (int i = 0; i < idle.length(); i++) {
            T thing = idle.get(i);
            if (thing != null && idle.compareAndSet(i, thing, null)) {
                return thing;
            }
        }
        return null;
    }

    private boolean tryAcquire() {
        int count = free.get();
        while (count > 0) {
            if (free.compareAndSet(count, count - 1)) {
                return true;
            }
            count = free.get();
        }
        return false;
    }

    private void await(RunContext context) {
        waiting.incrementAndGet();
        context.onStop(this::wake);
        lock.lock();
        try {
            while (!tryAcquire()) {
                if (context.isStopped()) {
                    throw new InferenceException("stopped while all interpreters were in use");
                }
                changed.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            context.cancel();
            throw new InferenceException("interrupted while all interpreters were in use", e);
        } finally {
            lock.unlock();
            context.clearOnStop();
            waiting.decrementAndGet();
        }
    }

    private void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Gives back a place, and the thing for its next use. */
    void give(T thing) {
        for (int i = 0; i < idle.length(); i++) {
            if (idle.get(i) == null && idle.compareAndSet(i, null, thing)) {
                drop();
                return;
            }
        }
        throw new IllegalStateException("more things given than there are places");
    }

    /** Gives back a place whose thing is gone. */
    void drop() {
        free.incrementAndGet();
        if (waiting.get() > 0) {
            wake();
        }
    }

    /** Frees those that are idle; when none is in use, all of them. */
    void free() {
        for (int i = 0; i < idle.length(); i++) {
            T thing = idle.getAndSet(i, null);
            if (thing != null) {
                freeing.accept(thing);
            }
        }
    }
}
