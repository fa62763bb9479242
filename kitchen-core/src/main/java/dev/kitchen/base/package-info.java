/** What every package with threads needs: calls of foreign code, service threads, saturating times. */
@NullMarked
package dev.kitchen.base;

import org.jspecify.annotations.NullMarked;
