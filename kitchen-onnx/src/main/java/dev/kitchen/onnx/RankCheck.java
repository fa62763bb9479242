package dev.kitchen.onnx;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.TensorSpec;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Refuses a scalar for an input whose rank the model does not declare. Some operators of ONNX Runtime read the first
 * dimension without looking at the rank, which ends the process (found with QLinearConv in 1.28.0).
 */
final class RankCheck implements RunCheck {

    private final Set<String> rankless;

    RankCheck(ModelSignature signature) {
        this.rankless = Stream.concat(signature.inputs().stream(), signature.defaultedInputs().stream())
                .filter(it -> it instanceof TensorSpec tensor && !tensor.shape().isRankKnown())
                .map(it -> it.name())
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public void check(NamedValues inputs) {
        if (rankless.isEmpty()) {
            return;
        }
        for (int i = 0; i < inputs.size(); i++) {
            if (inputs.value(i) instanceof Tensor tensor) {
                check(inputs.name(i), tensor.shape());
            }
        }
    }

    private void check(String input, Shape shape) {
        if (shape.rank() == 0 && rankless.contains(input)) {
            throw new InvalidRequestException("input '" + input + "' has shape [], expected at least one"
                    + " dimension, because the model does not say how many it has");
        }
    }
}
