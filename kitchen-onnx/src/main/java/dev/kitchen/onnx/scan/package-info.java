/** Reads and checks ONNX files before ONNX Runtime sees them. */
@NullMarked
package dev.kitchen.onnx.scan;

import org.jspecify.annotations.NullMarked;
