/** Values: tensors, sequences, maps; shapes, types; the signature that says what a model takes and returns. */
@NullMarked
package dev.kitchen.tensor;

import org.jspecify.annotations.NullMarked;
