/** Which inputs ONNX Runtime's operators must not be given, because they end the process instead of failing. */
@NullMarked
package dev.kitchen.onnx.operator;

import org.jspecify.annotations.NullMarked;
