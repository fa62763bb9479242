package dev.kitchen.batch;

import dev.kitchen.observe.BatchEvent;
import dev.kitchen.observe.KitchenListener;
import dev.kitchen.predict.ModelArtifact;
import java.util.Optional;

/** Tells of runs, where somebody listens. */
final class BatchReport {

    private final ModelArtifact artifact;
    private final Optional<KitchenListener> listener;

    BatchReport(ModelArtifact artifact, Optional<KitchenListener> listener) {
        this.artifact = artifact;
        this.listener = listener;
    }

    boolean isWanted() {
        return listener.isPresent();
    }

    void ran(int rows, int requests, long nanos) {
        if (listener.isPresent()) {
            listener.get().onBatch(new BatchEvent(artifact.model(), artifact.version(), rows, requests, nanos));
        }
    }
}
