/** Loaded versions: leases that keep them alive, the watchdog that ends late runs, the reaper that frees them. */
@NullMarked
package dev.kitchen.serving;

import org.jspecify.annotations.NullMarked;
