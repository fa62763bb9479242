/** Typed inputs and outputs: records and rows on the way in, labels and scores on the way out. */
@NullMarked
package dev.kitchen.codec;

import org.jspecify.annotations.NullMarked;
