/** Runs TensorFlow Lite models. */
@NullMarked
package dev.kitchen.tflite;

import org.jspecify.annotations.NullMarked;
