package dev.kitchen.tflite;

import dev.kitchen.error.MessageText;
import dev.kitchen.tensor.Shape;

/**
 * A tensor of a graph, as the file describes it.
 *
 * @param shape what it has until inputs are resized; no dimension is dynamic
 * @param declared the shape with -1 where it is dynamic; the same as shape where the file says nothing else
 * @param hasSignature whether the file says which dimensions are dynamic
 * @param constantBytes how large its data in the file are; 0 for what is computed
 * @param constantPlace where in the file these are
 * @param sparse whether these leave out zeros
 */
record TensorInfo(
        int index,
        String name,
        ElementType type,
        Shape shape,
        Shape declared,
        boolean hasSignature,
        boolean variable,
        QuantizationInfo quantization,
        int buffer,
        long constantBytes,
        long constantPlace,
        boolean sparse) {

    boolean isConstant() {
        return constantBytes > 0;
    }

    @Override
    public String toString() {
        return "tensor " + index + (name.isEmpty() ? "" : " ('" + MessageText.of(name, 60) + "')");
    }
}
