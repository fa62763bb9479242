/** Wraps the configured stages around a version, in one fixed order. */
@NullMarked
package dev.kitchen.pipeline;

import org.jspecify.annotations.NullMarked;
