/** Contract tests and fakes for authors of Kitchen plugins. */
@NullMarked
package dev.kitchen.testkit;

import org.jspecify.annotations.NullMarked;
