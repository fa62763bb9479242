/** The words every stage shares: request, call options and context, prediction, predictor. */
@NullMarked
package dev.kitchen.predict;

import org.jspecify.annotations.NullMarked;
