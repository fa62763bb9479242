package dev.kitchen.guard;

import dev.kitchen.error.ConfigurationException;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.tensor.Value;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Who answers in place of a version that fails, is not ready, or refuses: another version, then a function of the request.
 * A call whose time is over is left to the function. Bad requests, cancelled calls and models that do not exist get their
 * error. The answer says that a fallback gave it, and why. Immutable.
 *
 * <pre>{@code
 * Fallback.toVersion("champion").orElse(request -> Map.of("score", Tensor.of(0.5f)))
 * }</pre>
 */
public final class Fallback {

    /** The version that answers of the function carry. */
    public static final String FUNCTION = "fallback";

    private final Optional<String> version;
    private final Optional<Function<PredictionRequest, Map<String, ? extends Value>>> function;

    private Fallback(
            Optional<String> version, Optional<Function<PredictionRequest, Map<String, ? extends Value>>> function) {
        this.version = version;
        this.function = function;
    }

    /**
     * Another version answers, in what is left of the call's time. It has to be in memory.
     *
     * @param versionOrAlias as for {@link dev.kitchen.predict.CallOptions.Builder#version}
     */
    public static Fallback toVersion(String versionOrAlias) {
        if (versionOrAlias.isEmpty()) {
            throw new ConfigurationException("fallback: version is empty, expected a version or an alias");
        }
        return new Fallback(Optional.of(versionOrAlias), Optional.empty());
    }

    /**
     * A function of the request answers, quickly: with all outputs asked for, as the model's signature has them, or it
     * fails. It runs on the caller's thread where the call has no time limit, and otherwise on a thread of the kitchen,
     * which is interrupted if it takes longer than the call may; at least 100 ms.
     */
    public static Fallback to(Function<PredictionRequest, Map<String, ? extends Value>> function) {
        return new Fallback(Optional.empty(), Optional.of(function));
    }

    /** This, and where it fails too, a function of the request as for {@link #to}. */
    public Fallback orElse(Function<PredictionRequest, Map<String, ? extends Value>> last) {
        return new Fallback(version, Optional.of(last));
    }

    /** The version or alias that answers first; empty where only a function does. */
    public Optional<String> version() {
        return version;
    }

    /** The function that answers last; empty where there is none. */
    public Optional<Function<PredictionRequest, Map<String, ? extends Value>>> function() {
        return function;
    }
}
