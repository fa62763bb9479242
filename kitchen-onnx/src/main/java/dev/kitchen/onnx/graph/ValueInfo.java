package dev.kitchen.onnx.graph;

import java.util.List;
import java.util.Optional;

/** A value's name and declared type. */
public record ValueInfo(String name, ValueType type) {

    /** Returns the element type of a tensor; {@link ElementType#UNDEFINED} of anything else. */
    public ElementType elementType() {
        return type instanceof ValueType.TensorOf tensor ? tensor.element() : ElementType.UNDEFINED;
    }

    /** Returns the dimensions of a tensor; empty where the rank is not declared or this is no tensor. */
    public Optional<List<Dimension>> dimensions() {
        return type instanceof ValueType.TensorOf tensor ? tensor.dimensions() : Optional.empty();
    }
}
