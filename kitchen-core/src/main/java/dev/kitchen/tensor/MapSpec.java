package dev.kitchen.tensor;

/** A map a model takes or returns. */
public record MapSpec(String name, DataType keyType, DataType valueType) implements ValueSpec {

    /** For example {@code scores: map from STRING to FLOAT}. */
    @Override
    public String toString() {
        return (name.isEmpty() ? "" : name + ": ") + "map from " + keyType + " to " + valueType;
    }
}
