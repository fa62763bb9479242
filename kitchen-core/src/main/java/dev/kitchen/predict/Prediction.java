package dev.kitchen.predict;

import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.time.Duration;

/** The answer to one request. Owns its values: it needs no closing and outlives the model. Immutable. */
public final class Prediction {

    private final String model;
    private final String version;
    private final NamedValues outputs;
    private final long durationNanos;

    public Prediction(String model, String version, NamedValues outputs, long durationNanos) {
        this.model = model;
        this.version = version;
        this.outputs = outputs;
        this.durationNanos = durationNanos;
    }

    /**
     * The output of that name, where it is a tensor.
     *
     * @throws dev.kitchen.error.InvalidRequestException if there is none, or it is a sequence, a map or empty
     */
    public Tensor tensor(String name) {
        return outputs.tensor(name);
    }

    /**
     * The output of that name, whatever it is.
     *
     * @throws dev.kitchen.error.InvalidRequestException if there is none
     */
    public Value value(String name) {
        return outputs.value(name);
    }

    /** All outputs, in the order asked for, or the model's. */
    public NamedValues outputs() {
        return outputs;
    }

    /** The model that answered. */
    public String model() {
        return model;
    }

    /** The version that answered. */
    public String version() {
        return version;
    }

    /** How long it took, from the moment the endpoint got the request. */
    public Duration duration() {
        return Duration.ofNanos(durationNanos);
    }

    /** {@link #duration} in nanoseconds. */
    public long durationNanos() {
        return durationNanos;
    }

    @Override
    public String toString() {
        return model + " version " + version + ": " + outputs;
    }
}
