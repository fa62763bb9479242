package dev.kitchen;

import dev.kitchen.json.ModelBundle;
import dev.kitchen.serving.RowsProof;
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
        if (engine.pipeline().options(model).batching().isEmpty()) {
            return Optional.empty();
        }
        RowsProof proof = new RowsProof(
                session, bundle.map(ModelBundle::goldenCases).orElse(List.of()), RUN_LIMIT, engine.environment());
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
