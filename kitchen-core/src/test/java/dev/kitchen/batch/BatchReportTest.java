package dev.kitchen.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.base.FlightTimer;
import dev.kitchen.observe.BatchEvent;
import dev.kitchen.observe.KitchenListener;
import dev.kitchen.predict.ModelArtifact;
import dev.kitchen.tensor.ModelSignature;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BatchReportTest {

    private static final ModelArtifact ARTIFACT =
            new ModelArtifact("m", "1", "x", ModelSignature.of(List.of(), List.of()));

    private final List<Long> batchedRows = new ArrayList<>();
    private final List<Object> told = new ArrayList<>();

    private BatchReport report(Optional<KitchenListener> listener) {
        return new BatchReport(ARTIFACT, batchedRows::add, () -> listener);
    }

    /** Begins what it is told the end of. */
    private final class Timer implements KitchenListener, FlightTimer {

        @Override
        public Object begin(Class<?> event) {
            return event.getSimpleName();
        }

        @Override
        public void end(Object begun, Object event) {
            told.add(begun);
            told.add(event);
        }
    }

    @Test
    void onlyRunsOfSeveralRequestsCountAsBatches() {
        BatchReport report = report(Optional.empty());

        report.ran(5, 1, 10, report.begin());
        report.ran(3, 2, 10, report.begin());

        assertThat(batchedRows).containsExactly(3L);
        assertThat(report.isWanted()).isFalse();
    }

    @Test
    void aListenerHearsOfEachRun() {
        BatchReport report = report(Optional.of(new KitchenListener() {
            @Override
            public void onBatch(BatchEvent event) {
                told.add(event);
            }
        }));

        report.ran(5, 1, 10, report.begin());

        assertThat(report.isWanted()).isTrue();
        assertThat(told).containsExactly(new BatchEvent("m", "1", 5, 1, 10));
    }

    @Test
    void whoTimesRunsIsGivenBackWhatItBegan() {
        BatchReport report = report(Optional.of(new Timer()));

        report.ran(5, 2, 10, report.begin());

        assertThat(told).containsExactly("BatchEvent", new BatchEvent("m", "1", 5, 2, 10));
    }
}
