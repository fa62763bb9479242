/** What a run of a model needs whichever API of ONNX Runtime it goes through: checks, limits, predicted outputs, idle frames. */
@NullMarked
package dev.kitchen.onnx.run;

import org.jspecify.annotations.NullMarked;
