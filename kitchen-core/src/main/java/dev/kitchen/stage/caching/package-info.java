/** Answers equal requests from a cache, and lets those that arrive together share one run. */
@NullMarked
package dev.kitchen.stage.caching;

import org.jspecify.annotations.NullMarked;
