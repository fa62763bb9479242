package dev.kitchen.onnx.run;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.tensor.NamedValues;

/**
 * Looks at the inputs of a run before ONNX Runtime sees them, and refuses those that would end the process or take all
 * memory. Called on the thread of the call, so an implementation is safe for use by many threads, does not block, and
 * makes no objects for inputs that it accepts.
 */
public interface RunCheck {

    /** A check that accepts all inputs. */
    RunCheck NONE = inputs -> {};

    /**
     * Accepts the inputs, or throws.
     *
     * @param inputs all required inputs, then overridden defaults; they fit the model's signature
     * @throws InvalidRequestException naming the input, what it is, and what was expected
     */
    void check(NamedValues inputs);

    /**
     * Whether the answer depends on more than types and shapes. If not, a bound call is checked once, when it is bound,
     * and otherwise before each run.
     */
    default boolean readsValues() {
        return false;
    }
}
