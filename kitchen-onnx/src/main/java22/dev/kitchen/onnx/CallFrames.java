package dev.kitchen.onnx;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Frames that wait for their next run. Each thread looks first where it last put one; a frame that finds no place is
 * freed, so there are never more idle ones than places.
 */
final class CallFrames {

    private static final int PLACES = 16;
    private static final int STRIDE = 16;

    private final AtomicReferenceArray<@Nullable CallFrame> places = new AtomicReferenceArray<>(PLACES * STRIDE);

    /** An idle frame, if there is one. */
    @Nullable
    CallFrame take() {
        int start = start();
        for (int i = 0; i < PLACES; i++) {
            int place = ((start + i) & (PLACES - 1)) * STRIDE;
            CallFrame frame = places.get(place);
            if (frame != null && places.compareAndSet(place, frame, null)) {
                return frame;
            }
        }
        return null;
    }

    void give(CallFrame frame) {
        int start = start();
        for (int i = 0; i < PLACES; i++) {
            int place = ((start + i) & (PLACES - 1)) * STRIDE;
            if (places.get(place) == null && places.compareAndSet(place, null, frame)) {
                return;
            }
        }
        frame.free();
    }

    /** Frees those that are idle; when no run is under way, all of them. */
    void free() {
        for (int place = 0; place < places.length(); place += STRIDE) {
            CallFrame frame = places.getAndSet(place, null);
            if (frame != null) {
                frame.free();
            }
        }
    }

    private static int start() {
        return (int) (Thread.currentThread().threadId() * 0x9E3779B97F4A7C15L >>> 60);
    }
}
