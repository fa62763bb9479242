/** Groups concurrent requests into one model run. */
@NullMarked
package dev.kitchen.stage.batching;

import org.jspecify.annotations.NullMarked;
