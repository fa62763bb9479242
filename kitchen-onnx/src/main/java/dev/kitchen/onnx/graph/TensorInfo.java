package dev.kitchen.onnx.graph;

import java.util.List;
import java.util.Optional;

/**
 * A tensor that the file holds: an initializer, or the value of an attribute.
 *
 * @param dimensions sizes, each at least 0
 * @param values what it holds; empty where it has more than {@link #MAX_VALUES} elements, lies in another file, is
 *     sparse, or has elements that are not integers, floating point numbers or booleans
 */
public record TensorInfo(String name, ElementType type, List<Long> dimensions, Optional<TensorValues> values) {

    /** The number of elements up to which values are kept. */
    public static final int MAX_VALUES = 1_024;

    public TensorInfo {
        dimensions = List.copyOf(dimensions);
    }

    /** Returns the number of elements. */
    public long elementCount() {
        long count = 1;
        for (long dimension : dimensions) {
            count *= dimension;
        }
        return count;
    }
}
