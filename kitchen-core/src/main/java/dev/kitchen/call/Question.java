package dev.kitchen.call;

import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.serving.ServedVersion;

/**
 * One call that depends on the version that answers it: it is encoded for that version, and its answer is read with it.
 *
 * @param <T> what the caller gets
 */
public interface Question<T> {

    /** What the caller asks of the call. */
    CallOptions options();

    /** How many items it asks about, 1 or more. */
    int rows();

    /** Returns the request for a version, which is leased meanwhile. What this throws, the caller gets as it is. */
    PredictionRequest request(ServedVersion version);

    /** Returns what the caller gets for an answer of the version, or of a function in its place. */
    T read(ServedVersion version, Prediction answer);
}
