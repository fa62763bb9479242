package dev.kitchen.stage.batching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.observe.BatchEvent;
import dev.kitchen.observe.KitchenListener;
import dev.kitchen.spi.VersionIdentity;
import dev.kitchen.telemetry.SafeListener;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchReportTest {

    private static final VersionIdentity ARTIFACT = new VersionIdentity("m", "1", "x");

    private final List<Long> batchedRows = new ArrayList<>();
    private final List<Object> told = new ArrayList<>();

    private BatchReport report(KitchenListener... listeners) {
        return new BatchReport(ARTIFACT, new SafeListener(List.of(listeners)), batchedRows::add);
    }

    @Test
    void onlyRunsOfSeveralRequestsCountAsBatches() {
        BatchReport report = report();

        report.ran(5, 1, 10, report.begin());
        report.ran(3, 2, 10, report.begin());

        assertThat(batchedRows).containsExactly(3L);
        assertThat(report.isWanted()).isFalse();
    }

    @Test
    void aListenerHearsOfEachRun() {
        BatchReport report = report(new KitchenListener() {
            @Override
            public void onBatch(BatchEvent event) {
                told.add(event);
            }
        });

        report.ran(5, 1, 10, report.begin());

        assertThat(report.isWanted()).isTrue();
        assertThat(told).containsExactly(new BatchEvent("m", "1", 5, 1, 10));
    }
}
