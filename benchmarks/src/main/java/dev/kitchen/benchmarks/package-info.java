/** What Kitchen costs, measured beside its peers: one class per question. */
@NullMarked
package dev.kitchen.benchmarks;

import org.jspecify.annotations.NullMarked;
