/** Meters for what happens in a kitchen. */
@NullMarked
package dev.kitchen.micrometer;

import org.jspecify.annotations.NullMarked;
