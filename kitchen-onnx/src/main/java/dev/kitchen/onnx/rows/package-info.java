/** Finds out from a model's graph whether the rows of its inputs and outputs depend on one another. */
@NullMarked
package dev.kitchen.onnx.rows;

import org.jspecify.annotations.NullMarked;
