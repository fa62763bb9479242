package dev.kitchen.onnx.run;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Objects that are kept for their next use. Each thread looks first at the place where it last put one. An object that
 * finds no free place is freed, so there are never more idle objects than places.
 */
public final class IdlePool<T> {

    private static final int PLACES = 16;
    private static final int STRIDE = 16;

    private final AtomicReferenceArray<@Nullable T> places = new AtomicReferenceArray<>(PLACES * STRIDE);
    private final Consumer<T> freeing;

    public IdlePool(Consumer<T> freeing) {
        this.freeing = freeing;
    }

    /** An idle one, if there is any. */
    @Nullable
    public T take() {
        int start = start();
        for (int i = 0; i < PLACES; i++) {
            int place = ((start + i) & (PLACES - 1)) * STRIDE;
            T idle = places.get(place);
            if (idle != null && places.compareAndSet(place, idle, null)) {
                return idle;
            }
        }
        return null;
    }

    public void give(T idle) {
        int start = start();
        for (int i = 0; i < PLACES; i++) {
            int place = ((start + i) & (PLACES - 1)) * STRIDE;
            if (places.get(place) == null && places.compareAndSet(place, null, idle)) {
                return;
            }
        }
        freeing.accept(idle);
    }

    /** Frees those that are idle; when none is in use, all of them. */
    public void free() {
        for (int place = 0; place < places.length(); place += STRIDE) {
            T idle = places.getAndSet(place, null);
            if (idle != null) {
                freeing.accept(idle);
            }
        }
    }

    private static int start() {
        return (int) (Thread.currentThread().getId() * 0x9E3779B97F4A7C15L >>> 60);
    }
}
