package dev.kitchen;

import java.util.List;

/**
 * How a kitchen is.
 *
 * @param status the worst of what is the case
 * @param problems what is not as it should be, in words; empty where all is well
 */
public record Health(Status status, List<String> problems) {

    /** From good to bad. */
    public enum Status {
        /** All models that should answer do, and the registry can be read. */
        UP,
        /** What answered goes on answering, but something needs a look: see the problems. */
        DEGRADED,
        /** The kitchen is closed. */
        DOWN
    }

    public Health {
        problems = List.copyOf(problems);
    }
}
