/** A parsed ONNX graph: nodes, types and small constants, without the weights. Immutable; needs nothing native. */
@NullMarked
package dev.kitchen.onnx.graph;

import org.jspecify.annotations.NullMarked;
