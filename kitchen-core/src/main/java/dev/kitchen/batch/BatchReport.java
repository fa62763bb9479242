package dev.kitchen.batch;

import dev.kitchen.base.FlightTimer;
import dev.kitchen.observe.BatchEvent;
import dev.kitchen.observe.KitchenListener;
import dev.kitchen.predict.ModelArtifact;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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

    /** A run begins; returns what {@link #ran} takes. */
    @Nullable
    Object begin() {
        Optional<KitchenListener> who = listener.get();
        return who.isPresent() ? FlightTimer.begin(who.get(), BatchEvent.class) : null;
    }

    void ran(int rows, int requests, long nanos, @Nullable Object begun) {
        if (requests > 1) {
            batchedRows.accept(rows);
        }
        listener.get()
                .ifPresent(it ->
                        tell(it, new BatchEvent(artifact.model(), artifact.version(), rows, requests, nanos), begun));
    }

    private static void tell(KitchenListener who, BatchEvent event, @Nullable Object begun) {
        if (who instanceof FlightTimer timer) {
            timer.end(begun, event);
        } else {
            who.onBatch(event);
        }
    }
}
