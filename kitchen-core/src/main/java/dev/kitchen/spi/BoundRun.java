package dev.kitchen.spi;

/**
 * A model's run over memory that stays where it is. Used by one thread at a time, though not always the same one;
 * closed once, when no run is under way, and before its session.
 */
public interface BoundRun extends AutoCloseable {

    /**
     * Reads the bound inputs, runs the model, and writes the bound outputs. Allocates nothing, where it can.
     *
     * @param context as in {@link InferenceSession#run}
     * @throws dev.kitchen.error.InferenceException if the model fails, or an output has another shape than was bound
     * @throws dev.kitchen.error.InvalidRequestException if the runtime refuses the inputs after all
     */
    void run(RunContext context);

    /** Frees what the binding made; the memory is not its own. */
    @Override
    void close();
}
