package dev.kitchen.tensor;

/** What one input takes or one output returns. */
public sealed interface ValueSpec permits TensorSpec, SequenceSpec, MapSpec, OptionalSpec {

    /** The name callers use; empty for what stands inside a sequence or an optional. */
    String name();
}
