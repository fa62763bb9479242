package dev.kitchen.stage.batching;

import dev.kitchen.observe.BatchEvent;
import dev.kitchen.spi.VersionIdentity;
import dev.kitchen.telemetry.SafeListener;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Counts the runs that several calls share, and notifies listeners of all runs. */
final class BatchReport {

    private final VersionIdentity version;
    private final SafeListener listener;
    private final LongConsumer batchedRows;

    BatchReport(VersionIdentity version, SafeListener listener, LongConsumer batchedRows) {
        this.version = version;
        this.listener = listener;
        this.batchedRows = batchedRows;
    }

    boolean isWanted() {
        return !listener.isEmpty();
    }

    /** Notes that a run begins; returns what {@link #ran} takes. */
    @Nullable
    Object begin() {
        return isWanted() ? listener.begin(BatchEvent.class) : null;
    }

    void ran(int rows, int requests, long nanos, @Nullable Object begun) {
        if (requests > 1) {
            batchedRows.accept(rows);
        }
        if (isWanted()) {
            listener.end(begun, new BatchEvent(version.model(), version.version(), rows, requests, nanos));
        }
    }
}
