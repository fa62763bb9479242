package dev.kitchen.onnx.operator;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the shape of a node's input comes from.
 *
 * @param request the input of the model that has the same shape, or null
 * @param constant the dimensions in every run, -1 for one that is not known, or null; where both are null nothing is
 *     known before a run
 */
record ShapeSource(@Nullable String request, @Nullable List<Long> constant) {

    static final ShapeSource UNKNOWN = new ShapeSource(null, null);

    boolean isKnown() {
        return request != null || constant != null;
    }
}
