package dev.kitchen.proof;

import dev.kitchen.batch.BatchingConfig;
import dev.kitchen.predict.GoldenCase;
import dev.kitchen.proof.RowsProof.BatchLimits;
import dev.kitchen.runtime.OpenState;
import dev.kitchen.session.SessionContext;
import dev.kitchen.spi.InferenceSession;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Finds out whether the rows of versions may be batched. Safe for use by many threads. */
public final class RowsProving {

    private static final Duration RUN_LIMIT = Duration.ofSeconds(10);

    private final SessionContext context;
    private final OpenState open;
    private final Set<RowsProof> underWay = ConcurrentHashMap.newKeySet();

    public RowsProving(SessionContext context, OpenState open) {
        this.context = context;
        this.open = open;
    }

    /**
     * Returns why the rows of a version may not be batched; empty if they may.
     *
     * @throws dev.kitchen.error.NotReadyException if the kitchen closes
     */
    public Optional<String> refusal(BatchingConfig batching, InferenceSession session, List<GoldenCase> goldenCases) {
        RowsProof proof = new RowsProof(
                session, goldenCases, new BatchLimits(batching.maxItems(), batching.maxBytes()), RUN_LIMIT, context);
        underWay.add(proof);
        try {
            open.requireOpen();
            return proof.refusal();
        } finally {
            underWay.remove(proof);
        }
    }

    /** Stops the proofs under way, because the kitchen closes. */
    public void stop() {
        underWay.forEach(RowsProof::stop);
    }
}
