/** The words of the registry: what is registered, what may be done with it, and what has been done. */
@NullMarked
package dev.kitchen.registry;

import org.jspecify.annotations.NullMarked;
