package dev.kitchen.tensor;

/** What goes into a model or comes out of it. Immutable, but for the memory under a borrowed tensor. */
public sealed interface Value permits Tensor, SequenceValue, MapValue, EmptyOptional {

    /** Whether memory of the caller lies under this value. */
    default boolean isBorrowed() {
        return false;
    }

    /** This value, sharing no memory with the caller: itself, or a copy if it was borrowed. */
    default Value owned() {
        return this;
    }
}
