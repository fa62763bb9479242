package dev.kitchen.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a model takes and returns. Inputs with a default inside the model ("overridable initializers") may be left out
 * of a request; all others must be there. Immutable.
 */
public final class ModelSignature {

    private final List<ValueSpec> inputs;
    private final List<ValueSpec> defaultedInputs;
    private final List<ValueSpec> outputs;

    public ModelSignature(
            List<? extends ValueSpec> inputs,
            List<? extends ValueSpec> defaultedInputs,
            List<? extends ValueSpec> outputs) {
        this.inputs = List.copyOf(inputs);
        this.defaultedInputs = List.copyOf(defaultedInputs);
        this.outputs = List.copyOf(outputs);
    }

    /** A signature whose inputs all have to be given. */
    public static ModelSignature of(List<? extends ValueSpec> inputs, List<? extends ValueSpec> outputs) {
        return new ModelSignature(inputs, List.of(), outputs);
    }

    /** What a request has to bring, in the model's order. */
    public List<ValueSpec> inputs() {
        return inputs;
    }

    /** What a request may bring: the model has a default for these. */
    public List<ValueSpec> defaultedInputs() {
        return defaultedInputs;
    }

    /** What the model returns, in its order. */
    public List<ValueSpec> outputs() {
        return outputs;
    }

    /** The input of that name, required or defaulted. */
    public Optional<ValueSpec> input(String name) {
        Optional<ValueSpec> required = find(inputs, name);
        return required.isPresent() ? required : find(defaultedInputs, name);
    }

    /** The output of that name. */
    public Optional<ValueSpec> output(String name) {
        return find(outputs, name);
    }

    private static Optional<ValueSpec> find(List<ValueSpec> specs, String name) {
        return specs.stream().filter(it -> it.name().equals(name)).findFirst();
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || other instanceof ModelSignature that
                        && inputs.equals(that.inputs)
                        && defaultedInputs.equals(that.defaultedInputs)
                        && outputs.equals(that.outputs);
    }

    @Override
    public int hashCode() {
        return Objects.hash(inputs, defaultedInputs, outputs);
    }

    /** One line per input and output. */
    @Override
    public String toString() {
        List<String> lines = new ArrayList<>();
        inputs.forEach(it -> lines.add("in   " + it));
        defaultedInputs.forEach(it -> lines.add("in?  " + it));
        outputs.forEach(it -> lines.add("out  " + it));
        return String.join("\n", lines);
    }
}
