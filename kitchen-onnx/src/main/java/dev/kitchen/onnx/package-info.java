/** Runs ONNX models with ONNX Runtime. */
@NullMarked
package dev.kitchen.onnx;

import org.jspecify.annotations.NullMarked;
