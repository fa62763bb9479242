package dev.kitchen.stage.batching;

import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.tensor.NamedValues;
import java.util.List;
import java.util.function.Consumer;

/** Finds out whether the answers of a batch are those that its requests get alone. */
@FunctionalInterface
public interface BatchCheck {

    /**
     * Begins to check a batch, or leaves it unchecked. Does not block, and never throws.
     *
     * @param requests of the batch, which own their inputs
     * @param answers one for each request
     * @param mismatch is told, on any thread, how an answer differed
     */
    void begin(List<PredictionRequest> requests, List<NamedValues> answers, Consumer<String> mismatch);
}
