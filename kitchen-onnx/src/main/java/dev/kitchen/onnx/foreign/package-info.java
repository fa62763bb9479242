/** Loads and runs models through ONNX Runtime's C API. Most classes need JDK 22 and are found by name. */
@NullMarked
package dev.kitchen.onnx.foreign;

import org.jspecify.annotations.NullMarked;
