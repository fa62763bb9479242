/** Notifies listeners and the flight recorder, and keeps the statistics of each version. */
@NullMarked
package dev.kitchen.telemetry;

import org.jspecify.annotations.NullMarked;
