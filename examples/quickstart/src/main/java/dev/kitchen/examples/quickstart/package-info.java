/** The first program a newcomer runs. */
@NullMarked
package dev.kitchen.examples.quickstart;

import org.jspecify.annotations.NullMarked;
