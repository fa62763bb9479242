/** Finds, checks and unpacks ONNX Runtime's native libraries, and reports what on this machine keeps them from loading. */
@NullMarked
package dev.kitchen.onnx.natives;

import org.jspecify.annotations.NullMarked;
