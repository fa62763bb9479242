/** Makes up inputs and compares outputs, row by row, within tolerances. */
@NullMarked
package dev.kitchen.compare;

import org.jspecify.annotations.NullMarked;
