/** Answers repeated requests without running the model. */
@NullMarked
package dev.kitchen.cache;

import org.jspecify.annotations.NullMarked;
