package dev.kitchen.stage.batching;

/**
 * How long a run of one call typically takes: a running median, so that runs which the operating system interrupted do
 * not count for more than others. Races between callers cost a sample at most.
 */
final class TypicalRun {

    private static final int FEW = 20;

    private final long shortNanos;
    private volatile long medianNanos;
    private volatile int samples;

    TypicalRun(long shortNanos) {
        this.shortNanos = shortNanos;
    }

    /** Whether runs are known to be so short that batching them would cost more than it brings. */
    boolean isShort() {
        return samples >= FEW && medianNanos < shortNanos;
    }

    /** A clock that stood still tells nothing. */
    @SuppressWarnings("NonAtomicVolatileUpdate")
    void record(long nanos) {
        if (nanos <= 0 || shortNanos == 0) {
            return;
        }
        long median = medianNanos;
        if (samples < FEW) {
            // The first runs are slow for reasons of their own: the shortest counts.
            medianNanos = samples == 0 ? nanos : Math.min(median, nanos);
            samples++;
        } else if (nanos != median) {
            long step = 1 + median / 16;
            medianNanos = nanos > median ? median + step : Math.max(1, median - step);
        }
    }
}
