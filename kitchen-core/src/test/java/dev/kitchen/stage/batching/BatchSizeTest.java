package dev.kitchen.stage.batching;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BatchSizeTest {

    private static final Duration TARGET = Duration.ofMillis(5);

    private static BatchSize grown(int to) {
        BatchSize size = new BatchSize(40, Optional.of(TARGET));
        while (size.limit() < to) {
            size.record(size.limit(), 1);
        }
        return size;
    }

    @Test
    void staysAsItIsWithoutATarget() {
        BatchSize size = new BatchSize(32, Optional.empty());

        size.record(32, Long.MAX_VALUE);

        assertThat(size.limit()).isEqualTo(32);
    }

    @Test
    void growsByOneWithEachFullRunThatIsInTime() {
        BatchSize size = new BatchSize(3, Optional.of(TARGET));

        assertThat(size.limit()).isEqualTo(1);
        size.record(1, 1);
        assertThat(size.limit()).isEqualTo(2);
        size.record(1, 1);
        assertThat(size.limit()).isEqualTo(2);
        size.record(2, 1);
        size.record(3, 1);
        assertThat(size.limit()).isEqualTo(3);
    }

    @Test
    void shrinksByATenthWhenRunsAreTooLong() {
        BatchSize size = grown(40);
        for (int i = 0; i < 100; i++) {
            size.record(40, 1);
        }

        size.record(40, TARGET.toNanos() + 1);
        assertThat(size.limit()).isEqualTo(40);
        size.record(40, TARGET.toNanos() + 1);

        assertThat(size.limit()).isEqualTo(36);
    }

    @Test
    void neverShrinksBelowOne() {
        BatchSize size = grown(2);

        for (int i = 0; i < 100; i++) {
            size.record(1, Long.MAX_VALUE);
        }

        assertThat(size.limit()).isEqualTo(1);
    }

    @Test
    void aRunThatTakesAsLongAsItMayIsInTime() {
        BatchSize size = grown(3);

        size.record(3, TARGET.toNanos());

        assertThat(size.limit()).isEqualTo(4);
    }

    @Test
    void whatLargerBatchesTookSaysNothingAboutSmallerOnes() {
        BatchSize size = grown(40);
        size.record(40, TARGET.toNanos() + 1);
        assertThat(size.limit()).isEqualTo(36);

        size.record(36, 1);

        assertThat(size.limit()).isEqualTo(37);
    }

    @Test
    void forgetsRunsOlderThanTheLastHundred() {
        BatchSize size = grown(40);
        for (int i = 0; i < 100; i++) {
            size.record(1, 1);
        }
        size.record(1, TARGET.toNanos() + 1);
        for (int i = 0; i < 100; i++) {
            size.record(1, 1);
        }

        size.record(1, TARGET.toNanos() + 1);

        assertThat(size.limit()).as("one of a hundred").isEqualTo(40);
    }
}
