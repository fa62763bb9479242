package dev.kitchen.session;

import dev.kitchen.predict.Ticker;
import dev.kitchen.runtime.Watchdog;
import dev.kitchen.telemetry.SafeListener;

/**
 * What the runs of a session need from their kitchen.
 *
 * @param ticker the clock of deadlines
 * @param watchdog stops runs whose deadline has passed
 * @param listener decides whether runs are timed
 */
public record SessionContext(Ticker ticker, Watchdog watchdog, SafeListener listener) {}
