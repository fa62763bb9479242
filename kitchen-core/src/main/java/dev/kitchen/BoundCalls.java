package dev.kitchen;

import dev.kitchen.base.Nanos;
import dev.kitchen.error.CancelledException;
import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.DeadlineExceededException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Bound calls of one endpoint that many threads share. Safe for use by many threads:
 *
 * <pre>{@code
 * float score = bindings.use(call -> {
 *     call.input("features").asFloatBuffer().put(0, row);
 *     call.run();
 *     return call.output("score").getFloat(0);
 * });
 * }</pre>
 */
public final class BoundCalls implements AutoCloseable {

    /** How often a waiting thread checks whether the kitchen or this pool was closed. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final String endpoint;
    private final Optional<Duration> timeLimit;
    private final Runnable requireOpen;
    private final List<BoundCall> all;
    private final LinkedBlockingDeque<BoundCall> idle;
    private volatile boolean closed;

    private BoundCalls(String endpoint, Optional<Duration> timeLimit, Runnable requireOpen, List<BoundCall> all) {
        this.endpoint = endpoint;
        this.timeLimit = timeLimit;
        this.requireOpen = requireOpen;
        this.all = all;
        this.idle = new LinkedBlockingDeque<>(all);
    }

    /**
     * Creates a pool of bound calls.
     *
     * @param requireOpen throws if the kitchen is closed
     */
    static BoundCalls of(
            String endpoint, int count, Optional<Duration> timeLimit, Runnable requireOpen, Supplier<BoundCall> bind) {
        if (count < 1) {
            throw new ConfigurationException(
                    "endpoint '" + endpoint + "': " + count + " bound calls, expected 1 or more");
        }
        List<BoundCall> made = new ArrayList<>(count);
        try {
            for (int i = 0; i < count; i++) {
                made.add(bind.get());
            }
            return new BoundCalls(endpoint, timeLimit, requireOpen, made);
        } catch (Throwable e) {
            made.forEach(BoundCall::close);
            throw e;
        }
    }

    /**
     * Does something with a call that nobody else uses meanwhile; waits for one if all are in use, no longer than the
     * kitchen's time limit. The call is not to be kept beyond that.
     *
     * @return what the work returns
     * @throws DeadlineExceededException if no call became free in time
     * @throws CancelledException if the thread is interrupted while it waits; it stays interrupted
     * @throws dev.kitchen.error.NotReadyException if the kitchen is closed
     * @throws IllegalStateException if this is closed
     */
    public <T extends @Nullable Object> T use(Function<? super BoundCall, ? extends T> work) {
        BoundCall call = take();
        try {
            return work.apply(call);
        } finally {
            idle.addFirst(call);
        }
    }

    private BoundCall take() {
        requireUsable();
        BoundCall free = idle.pollFirst();
        return free == null ? await() : free;
    }

    private void requireUsable() {
        if (closed) {
            throw new IllegalStateException("endpoint '" + endpoint + "': the bound calls are closed");
        }
        requireOpen.run();
    }

    private BoundCall await() {
        long end = Nanos.after(System.nanoTime(), timeLimit.map(Nanos::of).orElse(Long.MAX_VALUE));
        try {
            while (true) {
                long left = Nanos.until(end, System.nanoTime());
                BoundCall free = idle.pollFirst(Math.min(left, LOOK_NANOS), TimeUnit.NANOSECONDS);
                if (free != null) {
                    return free;
                }
                if (left <= LOOK_NANOS) {
                    throw new DeadlineExceededException("endpoint '" + endpoint + "': none of " + all.size()
                            + " bound calls became free within " + timeLimit.orElseThrow());
                }
                // Nobody wakes those who wait when the kitchen closes while all calls are in use.
                requireUsable();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException("endpoint '" + endpoint + "': interrupted while waiting for a bound call");
        }
    }

    /** Closes all calls; those in use at the end of their run. */
    @Override
    public void close() {
        closed = true;
        all.forEach(BoundCall::close);
    }
}
