package dev.kitchen;

import dev.kitchen.tensor.Tensor;

/** Inputs for the fake model. */
final class Models {

    private Models() {}

    static Tensor x(float... values) {
        return Tensor.of(values, 1, values.length);
    }
}
