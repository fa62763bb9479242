package dev.kitchen.predict;

import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Value;
import java.util.Map;

/** Inputs by name and what the caller asks of the call. Immutable, but for the memory under borrowed tensors. */
public final class PredictionRequest {

    private final NamedValues inputs;
    private final CallOptions options;

    private PredictionRequest(NamedValues inputs, CallOptions options) {
        this.inputs = inputs;
        this.options = options;
    }

    public static PredictionRequest of(NamedValues inputs, CallOptions options) {
        return new PredictionRequest(inputs, options);
    }

    public static PredictionRequest of(Map<String, ? extends Value> inputs, CallOptions options) {
        return new PredictionRequest(NamedValues.of(inputs), options);
    }

    public static PredictionRequest of(Map<String, ? extends Value> inputs) {
        return of(inputs, CallOptions.defaults());
    }

    public NamedValues inputs() {
        return inputs;
    }

    public CallOptions options() {
        return options;
    }

    /** This request with other inputs. */
    @SuppressWarnings("ReferenceEquality") // only saves making a new one
    public PredictionRequest withInputs(NamedValues newInputs) {
        return newInputs == inputs ? this : new PredictionRequest(newInputs, options);
    }
}
