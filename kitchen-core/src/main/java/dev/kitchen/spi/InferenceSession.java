package dev.kitchen.spi;

import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import java.util.List;
import java.util.Optional;

/**
 * A loaded model. {@code run} is called by many threads at once; {@code close} once, by the reaper thread, when no run
 * is under way and none will come: Kitchen's leases see to that.
 */
public interface InferenceSession extends AutoCloseable {

    /** What the model takes and returns. Cheap: read once at load. */
    ModelSignature signature();

    /** What the file says about the model. Cheap: read once at load. */
    ModelMetadata metadata();

    /**
     * Runs the model on the caller's thread.
     *
     * @param inputs checked against the signature; not to be changed, and not to be kept beyond the call
     * @param outputs names out of the signature, each once, at least one unless the model has none
     * @param context to be asked how to be {@linkplain RunContext#onStop stopped}; where the run ended because of that,
     *     any exception will do: the caller sees the reason of the stop
     * @return the outputs, in the order of the names, owning their memory
     * @throws dev.kitchen.error.InferenceException if the model fails
     * @throws dev.kitchen.error.InvalidRequestException if the runtime refuses the inputs after all
     */
    NamedValues run(NamedValues inputs, List<String> outputs, RunContext context);

    /**
     * Prepares runs over memory that stays. Called by many threads at once.
     *
     * @param inputs all that the signature requires, in its order, then those with a default that are overridden
     * @param outputs all of the signature, in its order
     * @return empty where the runtime has no use for that; Kitchen then runs the session and copies
     * @throws dev.kitchen.error.KitchenException if the runtime refuses
     */
    default Optional<BoundRun> bind(List<BoundTensor> inputs, List<BoundTensor> outputs) {
        return Optional.empty();
    }

    /**
     * What the structure of the model says about the rows of its inputs and outputs. A model whose rows are independent is
     * batched where an endpoint asks for that, so {@link RowDependence.Kind#INDEPENDENT} must be certain. Called at load.
     */
    default RowDependence rowDependence() {
        return RowDependence.unknown("its backend does not analyse the structure of models");
    }

    /** Frees the model. */
    @Override
    void close();
}
