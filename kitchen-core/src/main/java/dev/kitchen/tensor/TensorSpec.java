package dev.kitchen.tensor;

import dev.kitchen.error.MessageText;
import java.util.Collections;
import java.util.List;

/**
 * A tensor a model takes or returns.
 *
 * @param name as the model says it
 * @param type of the elements
 * @param shape with -1 for each dimension that is dynamic
 * @param dimensionNames one per dimension, empty where the model gives none
 */
public record TensorSpec(String name, DataType type, Shape shape, List<String> dimensionNames) implements ValueSpec {

    public TensorSpec {
        dimensionNames = List.copyOf(dimensionNames);
        if (dimensionNames.size() != shape.rank()) {
            throw new IllegalArgumentException("tensor '" + MessageText.of(name) + "' of shape " + shape + " has "
                    + dimensionNames.size() + " dimension names");
        }
    }

    /** A tensor whose dimensions have no names. */
    public TensorSpec(String name, DataType type, Shape shape) {
        this(name, type, shape, Collections.nCopies(shape.rank(), ""));
    }

    /** For example {@code features: FLOAT [batch, 30]}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(name.isEmpty() ? "" : name + ": ")
                .append(type)
                .append(' ');
        if (!shape.isRankKnown()) {
            return text.append(shape).toString();
        }
        text.append('[');
        for (int i = 0; i < shape.rank(); i++) {
            boolean named = shape.dimension(i) == Shape.DYNAMIC
                    && !dimensionNames.get(i).isEmpty();
            text.append(i == 0 ? "" : ", ").append(named ? dimensionNames.get(i) : shape.dimension(i));
        }
        return text.append(']').toString();
    }
}
