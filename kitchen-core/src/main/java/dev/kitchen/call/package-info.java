/** One call from the endpoint to its answer: leases a version, runs it or a fallback, and counts the outcome once. */
@NullMarked
package dev.kitchen.call;

import org.jspecify.annotations.NullMarked;
