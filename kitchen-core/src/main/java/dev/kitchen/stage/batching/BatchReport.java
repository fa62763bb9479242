package dev.kitchen.stage.batching;

import dev.kitchen.observe.BatchEvent;
import dev.kitchen.stage.StageContext;
import org.jspecify.annotations.Nullable;

/** Counts the runs that several calls share, and notifies listeners of all runs. */
final class BatchReport {

    private final StageContext context;

    BatchReport(StageContext context) {
        this.context = context;
    }

    boolean isWanted() {
        return !context.listener().isEmpty();
    }

    /** Notes that a run begins; returns what {@link #ran} takes. */
    @Nullable
    Object begin() {
        return isWanted() ? context.listener().begin(BatchEvent.class) : null;
    }

    void ran(int rows, int requests, long nanos, @Nullable Object begun) {
        if (requests > 1) {
            context.calls().batched(rows);
        }
        if (isWanted()) {
            String model = context.version().model();
            String version = context.version().version();
            context.listener().end(begun, new BatchEvent(model, version, rows, requests, nanos));
        }
    }
}
