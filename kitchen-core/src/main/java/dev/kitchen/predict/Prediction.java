package dev.kitchen.predict;

import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.time.Duration;
import java.util.Optional;

/** The answer to one request. Owns its values: it needs no closing and outlives the model. Immutable. */
public final class Prediction {

    /** Who gave an answer. */
    public enum Source {
        /** The model, which ran for it. */
        MODEL,
        /** The cache, which had it from the model. */
        CACHE,
        /** What stands in where the version that was asked gave none. */
        FALLBACK
    }

    private final String model;
    private final String version;
    private final NamedValues outputs;
    private final long durationNanos;
    private final Source source;
    private final String reason;

    /** An answer of the model. */
    public Prediction(String model, String version, NamedValues outputs, long durationNanos) {
        this(model, version, outputs, durationNanos, Source.MODEL, "");
    }

    private Prediction(
            String model, String version, NamedValues outputs, long durationNanos, Source source, String reason) {
        this.model = model;
        this.version = version;
        this.outputs = outputs;
        this.durationNanos = durationNanos;
        this.source = source;
        this.reason = reason;
    }

    /**
     * This answer, given by somebody else.
     *
     * @param why for a fallback, why it answered; otherwise empty
     */
    public Prediction answeredBy(Source who, String why) {
        return new Prediction(model, version, outputs, durationNanos, who, why);
    }

    /** This answer, after another time. */
    public Prediction withDuration(long nanos) {
        return new Prediction(model, version, outputs, nanos, source, reason);
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

    /** Who answered. */
    public Source source() {
        return source;
    }

    /** Why a fallback answered. */
    public Optional<String> reason() {
        return reason.isEmpty() ? Optional.empty() : Optional.of(reason);
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
