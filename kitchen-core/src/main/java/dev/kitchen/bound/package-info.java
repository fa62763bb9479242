/** Calls whose memory is allocated once and bound to one version after the other. */
@NullMarked
package dev.kitchen.bound;

import org.jspecify.annotations.NullMarked;
