package dev.kitchen.stage.batching;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TypicalRunTest {

    private final TypicalRun typical = new TypicalRun(100);

    private void record(int times, long nanos) {
        for (int i = 0; i < times; i++) {
            typical.record(nanos);
        }
    }

    @Test
    void countsAsSlowUntilItIsKnown() {
        record(19, 10);
        assertThat(typical.isShort()).isFalse();

        record(1, 10);
        assertThat(typical.isShort()).isTrue();
    }

    @Test
    void runsThatWereInterruptedDoNotMakeAShortOneLong() {
        record(20, 10);

        for (int i = 0; i < 100; i++) {
            record(1, 1_000_000);
            record(2, 10);
        }

        assertThat(typical.isShort()).isTrue();
    }

    @Test
    void noticesThatRunsHaveBecomeLonger() {
        record(20, 10);

        record(200, 200);

        assertThat(typical.isShort()).isFalse();
    }

    @Test
    void aClockThatStandsStillTellsNothing() {
        record(1_000, 0);

        assertThat(typical.isShort()).isFalse();
    }

    @Test
    void theShortestOfTheFirstRunsCounts() {
        record(1, 100);
        record(18, 500);
        record(1, 99);
        assertThat(typical.isShort()).isTrue();
    }

    @Test
    void aRunAsLongAsTheLimitIsNotShort() {
        record(20, 100);

        assertThat(typical.isShort()).isFalse();
        record(1, 50);
        assertThat(typical.isShort()).isTrue();
    }

    @Test
    void aRunOfTheSameLengthChangesNothing() {
        record(20, 99);

        record(1_000, 99);

        assertThat(typical.isShort()).isTrue();
    }

    @Test
    void movesByASixteenthAtOnce() {
        record(20, 160);

        record(5, 10);
        assertThat(typical.isShort()).as("after 160, 149, 139, 130, 121, 113").isFalse();
        record(1, 10);
        assertThat(typical.isShort()).as("after 105").isFalse();
        record(1, 10);
        assertThat(typical.isShort()).as("after 98").isTrue();
        record(1, 1_000);
        assertThat(typical.isShort()).as("after 105 again").isFalse();
    }

    @Test
    void nothingIsShortWhereNoLengthIs() {
        TypicalRun never = new TypicalRun(0);
        for (int i = 0; i < 100; i++) {
            never.record(1);
        }

        assertThat(never.isShort()).isFalse();
    }
}
