package dev.kitchen.telemetry;

import org.jspecify.annotations.Nullable;

/**
 * Begins entries of the JDK's flight recorder where something begins, as an entry that is only made at the end has no
 * duration.
 */
public interface FlightTimer {

    /**
     * Begins an entry.
     *
     * @param event the class of the event that will tell of it
     * @return to be given to {@link #end}; null while nothing records
     */
    @Nullable
    Object begin(Class<?> event);

    /** Tells of an event, and ends its entry. */
    void end(@Nullable Object begun, Object event);

    /** Begins an entry if somebody is there who records. */
    static @Nullable Object begin(@Nullable Object listener, Class<?> event) {
        return listener instanceof FlightTimer timer ? timer.begin(event) : null;
    }
}
