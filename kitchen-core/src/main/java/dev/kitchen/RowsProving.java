package dev.kitchen;

import dev.kitchen.batch.Batching;
import dev.kitchen.json.ModelBundle;
import dev.kitchen.serving.RowsProof;
import dev.kitchen.serving.RowsProof.BatchLimits;
import dev.kitchen.spi.InferenceSession;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Finds out whether the rows of versions may be batched whose endpoints are to batch. */
final class RowsProving {

    private static final Duration RUN_LIMIT = Duration.ofSeconds(10);

    private final Engine engine;
    private final Set<RowsProof> underWay = ConcurrentHashMap.newKeySet();

    RowsProving(Engine engine) {
        this.engine = engine;
    }

    /**
     * Why a version's rows may not be batched; empty if they may, or nobody wants to.
     *
     * @throws dev.kitchen.error.NotReadyException if the kitchen closes
     */
    Optional<String> refusal(String model, InferenceSession session, Optional<ModelBundle> bundle) {
        Optional<Batching> batching = engine.pipeline().options(model).batching();
        if (batching.isEmpty()) {
            return Optional.empty();
        }
        RowsProof proof = new RowsProof(
                session,
                bundle.map(ModelBundle::goldenCases).orElse(List.of()),
                new BatchLimits(batching.get().maxItems(), batching.get().maxBytes()),
                RUN_LIMIT,
                engine.environment());
        underWay.add(proof);
        try {
            engine.requireOpen();
            return proof.refusal();
        } finally {
            underWay.remove(proof);
        }
    }

    /** Stops what is being found out: the kitchen closes. */
    void stop() {
        underWay.forEach(RowsProof::stop);
    }
}
