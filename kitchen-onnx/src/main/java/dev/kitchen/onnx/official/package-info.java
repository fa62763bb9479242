/** Loads and runs models through ONNX Runtime's Java API. */
@NullMarked
package dev.kitchen.onnx.official;

import org.jspecify.annotations.NullMarked;
