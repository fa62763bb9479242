package dev.kitchen.tensor;

/** A sequence a model takes or returns, and what each of its elements is. */
public record SequenceSpec(String name, ValueSpec element) implements ValueSpec {

    /** For example {@code probabilities: sequence of map from INT64 to FLOAT}. */
    @Override
    public String toString() {
        return (name.isEmpty() ? "" : name + ": ") + "sequence of " + element;
    }
}
