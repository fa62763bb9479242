/** Proves a version before it serves: signature, golden cases, latency, and whether its rows are independent. */
@NullMarked
package dev.kitchen.proof;

import org.jspecify.annotations.NullMarked;
