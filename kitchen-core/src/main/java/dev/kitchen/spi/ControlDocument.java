package dev.kitchen.spi;

import dev.kitchen.error.ConfigurationException;

/**
 * What is true of all models at one moment: which version serves, aliases, policies. Written by Kitchen, kept by a
 * {@link ControlStore} without looking inside.
 *
 * @param generation counts the changes, from 1; 0 for one that nobody has written yet
 * @param json an object
 */
public record ControlDocument(long generation, String json) {

    /** The document of a store in which nobody has written. */
    public static final ControlDocument EMPTY = new ControlDocument(0, "{}");

    public ControlDocument {
        if (generation < 0) {
            throw new ConfigurationException("control document: generation is " + generation + ", expected 0 or more");
        }
    }
}
