/** What can go wrong: one sealed tree of unchecked exceptions. A message names the place, the actual and the expected. */
@NullMarked
package dev.kitchen.error;

import org.jspecify.annotations.NullMarked;
