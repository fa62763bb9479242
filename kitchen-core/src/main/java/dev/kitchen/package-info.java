/** The front door: opens a kitchen, builds its endpoints out of the other packages, and owns every thread. */
@NullMarked
package dev.kitchen;

import org.jspecify.annotations.NullMarked;
