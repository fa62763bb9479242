package dev.kitchen.tensor;

/** A value that may be missing, and what it is where it is there. */
public record OptionalSpec(String name, ValueSpec element) implements ValueSpec {

    /** For example {@code mask: optional FLOAT [3]}. */
    @Override
    public String toString() {
        return (name.isEmpty() ? "" : name + ": ") + "optional " + element;
    }
}
