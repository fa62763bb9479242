/** Events a kitchen reports, and the listener that receives them. */
@NullMarked
package dev.kitchen.observe;

import org.jspecify.annotations.NullMarked;
