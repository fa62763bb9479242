package dev.kitchen.stage.guarding;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AdaptiveLimitTest {

    private static final long TARGET = 1_000;
    private static final long SLOW = TARGET + 1;

    /** Tells of so many runs; returns the limit after them. */
    private static int afterRuns(AdaptiveLimit limit, int runs, long nanos, boolean waiting) {
        int now = 0;
        for (int i = 0; i < runs; i++) {
            now = limit.afterRun(nanos, waiting);
        }
        return now;
    }

    @Test
    void decidesAfterTenRunsOrAsManyAsThereMayBeAtOnce() {
        AdaptiveLimit narrow = new AdaptiveLimit(5, TARGET);
        assertThat(afterRuns(narrow, 9, SLOW, false)).isEqualTo(5);
        assertThat(afterRuns(narrow, 1, SLOW, false)).isEqualTo(4);

        AdaptiveLimit wide = new AdaptiveLimit(20, TARGET);
        assertThat(afterRuns(wide, 19, SLOW, false)).isEqualTo(20);
        assertThat(afterRuns(wide, 1, SLOW, false)).isEqualTo(18);
    }

    @Test
    void runsThatTakeAsLongAsTheyMayChangeNothing() {
        AdaptiveLimit limit = new AdaptiveLimit(10, TARGET);

        assertThat(afterRuns(limit, 10, TARGET, false)).isEqualTo(10);
    }

    @Test
    void theMeanOfTheRunsDecides() {
        AdaptiveLimit limit = new AdaptiveLimit(10, TARGET);
        afterRuns(limit, 9, 0, false);

        assertThat(limit.afterRun(10 * TARGET, false)).isEqualTo(10);
        afterRuns(limit, 9, 0, false);
        assertThat(limit.afterRun(10 * TARGET + 1, false)).isEqualTo(9);
    }

    @Test
    void atLeastOneRunIsLeft() {
        AdaptiveLimit limit = new AdaptiveLimit(2, TARGET);

        assertThat(afterRuns(limit, 100, SLOW, false)).isEqualTo(1);
    }

    @Test
    void growsByOneWhereCallsWaitedAndNotBeyondTheMost() {
        AdaptiveLimit limit = new AdaptiveLimit(10, TARGET);
        assertThat(afterRuns(limit, 20, SLOW, false)).isEqualTo(8);

        assertThat(afterRuns(limit, 10, 1, false)).isEqualTo(8);
        limit.afterRun(1, true);
        assertThat(afterRuns(limit, 9, 1, false)).isEqualTo(9);
        assertThat(afterRuns(limit, 10, 1, false)).isEqualTo(9);
        assertThat(afterRuns(limit, 10, 1, true)).isEqualTo(10);
        assertThat(afterRuns(limit, 10, 1, true)).isEqualTo(10);
    }
}
