/** Which versions there are, which of them are in memory, and how they are loaded, watched and swapped. */
@NullMarked
package dev.kitchen.models;

import org.jspecify.annotations.NullMarked;
