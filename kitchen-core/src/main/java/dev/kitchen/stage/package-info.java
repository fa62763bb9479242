/** The shape of a stage, and the stage that serves virtual threads. */
@NullMarked
package dev.kitchen.stage;

import org.jspecify.annotations.NullMarked;
