/** Cached answers that several JVMs share through Redis. */
@NullMarked
package dev.kitchen.redis;

import org.jspecify.annotations.NullMarked;
