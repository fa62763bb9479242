package dev.kitchen.onnx.foreign;

import java.lang.foreign.Arena;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Memory for the time of one call, taken only if the call needs some: most do not. */
final class CallArena implements Supplier<Arena>, AutoCloseable {

    private @Nullable Arena arena;

    @Override
    @SuppressWarnings("MustBeClosedChecker") // closed with this
    public Arena get() {
        Arena taken = arena;
        if (taken == null) {
            taken = Arena.ofConfined();
            arena = taken;
        }
        return taken;
    }

    @Override
    public void close() {
        if (arena != null) {
            arena.close();
        }
    }
}
