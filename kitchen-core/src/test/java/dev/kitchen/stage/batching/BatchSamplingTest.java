package dev.kitchen.stage.batching;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BatchSamplingTest {

    /** Which of so many batches are checked, counted from 1. */
    private static List<Integer> checked(double share, int batches) {
        AtomicInteger batch = new AtomicInteger();
        List<Integer> checked = new ArrayList<>();
        BatchSampling sampling =
                new BatchSampling(share, (requests, answers, mismatch) -> checked.add(batch.get()), difference -> {});
        for (int i = 1; i <= batches; i++) {
            batch.set(i);
            sampling.ran(List.of(), List.of());
        }
        return checked;
    }

    @Test
    void aShareOfTheBatchesIsCheckedAtEvenDistances() {
        assertThat(checked(0.25, 12)).containsExactly(4, 8, 12);
        assertThat(checked(0.001, 3_000)).containsExactly(1_000, 2_000, 3_000);
    }

    @Test
    void allOrNoneAreChecked() {
        assertThat(checked(1, 3)).containsExactly(1, 2, 3);
        assertThat(checked(0, 1_000)).isEmpty();
    }
}
