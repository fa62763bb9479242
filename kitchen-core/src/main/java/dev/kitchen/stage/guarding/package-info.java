/** Circuit breaker, retries, and the limit of concurrent runs. */
@NullMarked
package dev.kitchen.stage.guarding;

import org.jspecify.annotations.NullMarked;
