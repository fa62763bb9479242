package dev.kitchen.onnx.run;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.ValueSpec;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Refuses a scalar for an input whose rank the model does not declare. Operators of ONNX Runtime read the first dimension
 * without looking at the rank, which ends the process (found with QLinearConv in 1.28.0). The table of operators says which
 * ones are known to do so; this also covers those that nobody has found yet.
 */
record RankCheck(Set<String> rankless) implements RunCheck {

    /** Returns the check that a model needs. */
    static RunCheck of(ModelSignature signature) {
        Set<String> rankless = Stream.concat(signature.inputs().stream(), signature.defaultedInputs().stream())
                .filter(input ->
                        input instanceof TensorSpec tensor && !tensor.shape().isRankKnown())
                .map(ValueSpec::name)
                .collect(Collectors.toUnmodifiableSet());
        return rankless.isEmpty() ? NONE : new RankCheck(rankless);
    }

    @Override
    public void check(NamedValues inputs) {
        for (int i = 0; i < inputs.size(); i++) {
            if (inputs.value(i) instanceof Tensor tensor
                    && tensor.shape().rank() == 0
                    && rankless.contains(inputs.name(i))) {
                throw new InvalidRequestException("input '" + inputs.name(i) + "' has shape [], expected at least one"
                        + " dimension, because the model does not say how many it has");
            }
        }
    }
}
