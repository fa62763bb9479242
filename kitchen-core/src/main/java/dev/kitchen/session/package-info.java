/** Runs one loaded session: checks inputs and outputs against its signature, and registers its runs with the watchdog. */
@NullMarked
package dev.kitchen.session;

import org.jspecify.annotations.NullMarked;
