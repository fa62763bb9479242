/** The threads of a kitchen and the calls they run: asynchronous calls, runs in flight, watchdog, reaper, shutdown. */
@NullMarked
package dev.kitchen.runtime;

import org.jspecify.annotations.NullMarked;
