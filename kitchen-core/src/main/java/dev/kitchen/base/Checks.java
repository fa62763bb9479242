package dev.kitchen.base;

import dev.kitchen.error.ConfigurationException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with a configuration, so that one message names all of it. Not thread-safe. */
public final class Checks {

    private final String place;
    private final List<String> problems = new ArrayList<>();

    /**
     * No problems yet.
     *
     * @param place what is configured, as the start of the message
     */
    public Checks(String place) {
        this.place = place;
    }

    /** Notes a problem unless the condition holds. */
    public void require(boolean condition, String name, Object value, String expected) {
        if (!condition) {
            problems.add(name + " is " + value + ", expected " + expected);
        }
    }

    /** Notes a problem unless the value is at least the given one. */
    public <T extends Comparable<T>> void requireAtLeast(String name, T value, T least) {
        require(value.compareTo(least) >= 0, name, value, least + " or more");
    }

    /** Notes a problem unless the value is within the bounds, both included. */
    public <T extends Comparable<T>> void requireWithin(String name, T value, T least, T most) {
        require(value.compareTo(least) >= 0 && value.compareTo(most) <= 0, name, value, least + " to " + most);
    }

    /** Notes a problem unless the duration is longer than zero. */
    public void requirePositive(String name, Duration value) {
        require(!value.isZero() && !value.isNegative(), name, value, "more than zero");
    }

    /**
     * Throws if there are problems.
     *
     * @throws ConfigurationException naming all of them
     */
    public void throwIfAny() {
        if (!problems.isEmpty()) {
            throw new ConfigurationException(place + ": " + String.join("; ", problems));
        }
    }
}
