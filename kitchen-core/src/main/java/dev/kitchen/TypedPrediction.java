package dev.kitchen;

import dev.kitchen.predict.Prediction;
import java.time.Duration;

/** A typed answer and where it comes from. Immutable. */
public final class TypedPrediction<O> {

    private final O value;
    private final Prediction prediction;

    TypedPrediction(O value, Prediction prediction) {
        this.value = value;
        this.prediction = prediction;
    }

    /** The answer. */
    public O value() {
        return value;
    }

    /** The version that answered. */
    public String version() {
        return prediction.version();
    }

    /** How long the model took, from the moment the endpoint got the request. */
    public Duration duration() {
        return prediction.duration();
    }

    /** The answer as the model gave it; it has the outputs that {@link #value()} was read from, and no others. */
    public Prediction prediction() {
        return prediction;
    }

    @Override
    public String toString() {
        return value + " from " + prediction;
    }
}
