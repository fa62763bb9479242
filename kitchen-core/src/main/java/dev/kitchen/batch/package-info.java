/** Groups concurrent requests into one model run. */
@NullMarked
package dev.kitchen.batch;

import org.jspecify.annotations.NullMarked;
