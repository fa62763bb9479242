/** What a plugin implements: a backend that loads models and the sessions that run them. */
@NullMarked
package dev.kitchen.spi;

import org.jspecify.annotations.NullMarked;
