package dev.kitchen.onnx.run;

import dev.kitchen.tensor.Shape;

/** Thrown when an output has more elements than the options allow. */
public final class OutputTooLargeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Shape shape;

    OutputTooLargeException(Shape shape) {
        super("it has shape " + shape);
        this.shape = shape;
    }

    Shape shape() {
        return shape;
    }
}
