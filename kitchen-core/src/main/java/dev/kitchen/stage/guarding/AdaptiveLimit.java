package dev.kitchen.stage.guarding;

/** How many runs there should be at once: additive increase, multiplicative decrease. Not thread-safe. */
final class AdaptiveLimit {

    private static final int RUNS_TO_AVERAGE = 10;
    private static final double DECREASE = 0.9;

    private final int most;
    private final long targetNanos;
    private int limit;
    private int runs;
    private double totalNanos;
    private boolean callsWaited;

    AdaptiveLimit(int most, long targetNanos) {
        this.most = most;
        this.targetNanos = targetNanos;
        this.limit = most;
    }

    /**
     * A run ended.
     *
     * @param waiting whether calls wait
     * @return how many runs there should be from now on
     */
    int afterRun(long nanos, boolean waiting) {
        runs++;
        totalNanos += nanos;
        callsWaited |= waiting;
        if (runs >= Math.max(RUNS_TO_AVERAGE, limit)) {
            limit = next();
            runs = 0;
            totalNanos = 0;
            callsWaited = false;
        }
        return limit;
    }

    private int next() {
        if (totalNanos > (double) targetNanos * runs) {
            return Math.max(1, (int) (limit * DECREASE));
        }
        return callsWaited ? Math.min(most, limit + 1) : limit;
    }
}
