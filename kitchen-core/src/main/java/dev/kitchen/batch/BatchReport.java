package dev.kitchen.batch;

import dev.kitchen.observe.BatchEvent;
import dev.kitchen.observe.KitchenListener;
import dev.kitchen.predict.ModelArtifact;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/** Counts runs that several calls share, and tells of all, where somebody listens. */
final class BatchReport {

    private final ModelArtifact artifact;
    private final LongConsumer batchedRows;
    private final Supplier<Optional<KitchenListener>> listener;

    BatchReport(ModelArtifact artifact, LongConsumer batchedRows, Supplier<Optional<KitchenListener>> listener) {
        this.artifact = artifact;
        this.batchedRows = batchedRows;
        this.listener = listener;
    }

    boolean isWanted() {
        return listener.get().isPresent();
    }

    void ran(int rows, int requests, long nanos) {
        if (requests > 1) {
            batchedRows.accept(rows);
        }
        listener.get()
                .ifPresent(
                        it -> it.onBatch(new BatchEvent(artifact.model(), artifact.version(), rows, requests, nanos)));
    }
}
