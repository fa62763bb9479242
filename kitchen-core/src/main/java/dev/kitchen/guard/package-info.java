/** Keeps a failing or overloaded model from taking its callers down. */
@NullMarked
package dev.kitchen.guard;

import org.jspecify.annotations.NullMarked;
