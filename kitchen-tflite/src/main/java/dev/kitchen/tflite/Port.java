package dev.kitchen.tflite;

import dev.kitchen.tensor.TensorSpec;

/**
 * An input or output that callers see, and the tensor it is.
 *
 * @param tensor its index in the graph
 * @param strict whether the runtime is to refuse a shape that the file does not allow
 */
record Port(TensorSpec spec, int tensor, ElementType type, QuantizationInfo quantization, boolean strict) {

    String name() {
        return spec.name();
    }
}
