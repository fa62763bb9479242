package dev.kitchen.stage.batching;

import dev.kitchen.base.Nanos;
import dev.kitchen.batch.BatchingConfig;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * How many rows a batch may have: one more as long as runs keep to the target latency, a tenth less where they do not
 * (additive increase, multiplicative decrease).
 */
final class BatchSize {

    private static final int WINDOW = 100;

    private final int maxItems;
    private final long targetNanos;
    private final long[] durations = new long[WINDOW];
    /** How many of the durations are of runs, and where the next one goes. */
    private int recorded;

    private int next;
    private volatile int limit;

    static BatchSize of(BatchingConfig config) {
        return new BatchSize(config.maxItems(), config.targetLatency());
    }

    BatchSize(int maxItems, Optional<Duration> target) {
        this.maxItems = maxItems;
        this.targetNanos = target.map(Nanos::of).orElse(Long.MAX_VALUE);
        this.limit = target.isPresent() ? 1 : maxItems;
    }

    int limit() {
        return limit;
    }

    /** A run has ended. Only a full one tells whether there is room for more. */
    synchronized void record(int rows, long nanos) {
        if (targetNanos == Long.MAX_VALUE) {
            return;
        }
        durations[next] = nanos;
        next = (next + 1) % WINDOW;
        recorded = Math.min(WINDOW, recorded + 1);
        if (p99() > targetNanos) {
            limit = Math.max(1, (int) (limit * 0.9));
            // What the larger batches took says nothing about the smaller ones to come.
            recorded = 0;
            next = 0;
        } else if (rows >= limit) {
            limit = Math.min(maxItems, limit + 1);
        }
    }

    private long p99() {
        long[] sorted = Arrays.copyOf(durations, recorded);
        Arrays.sort(sorted);
        return sorted[(int) Math.ceil(recorded * 0.99) - 1];
    }
}
