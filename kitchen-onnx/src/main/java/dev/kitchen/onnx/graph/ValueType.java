package dev.kitchen.onnx.graph;

import java.util.List;
import java.util.Optional;

/** The declared type of a value. */
public sealed interface ValueType {

    /** The type of a value of which the file says nothing, or something newer than this list. */
    ValueType UNKNOWN = new Unknown();

    /**
     * A tensor.
     *
     * @param dimensions empty where the rank is not declared
     */
    record TensorOf(ElementType element, Optional<List<Dimension>> dimensions) implements ValueType {
        public TensorOf {
            dimensions = dimensions.map(List::copyOf);
        }
    }

    /** A sparse tensor. */
    record SparseTensorOf(ElementType element) implements ValueType {}

    /** A sequence. */
    record SequenceOf(ValueType element) implements ValueType {}

    /** A map. */
    record MapOf(ElementType key, ValueType value) implements ValueType {}

    /** An optional value. */
    record OptionalOf(ValueType element) implements ValueType {}

    /** No type, or one that is newer than this list. */
    record Unknown() implements ValueType {}
}
