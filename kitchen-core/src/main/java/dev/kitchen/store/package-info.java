/** The registry on disk: versions that never change, and the document that says which of them serve. Not exported. */
@NullMarked
package dev.kitchen.store;

import org.jspecify.annotations.NullMarked;
