/** The command line. */
@NullMarked
package dev.kitchen.cli;

import org.jspecify.annotations.NullMarked;
