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
 * Keeps scalars from inputs whose rank the model does not say. Operators of ONNX Runtime look at the first dimension
 * without asking whether there is one, and end the process (found with QLinearConv in 1.28.0).
 */
final class RankCheck {

    private final Set<String> rankless;

    RankCheck(ModelSignature signature) {
        this.rankless = Stream.concat(signature.inputs().stream(), signature.defaultedInputs().stream())
                .filter(it -> it instanceof TensorSpec tensor && !tensor.shape().isRankKnown())
                .map(it -> it.name())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Throws at the first scalar where the model's rank is not known. */
    void check(NamedValues inputs) {
        if (rankless.isEmpty()) {
            return;
        }
        for (int i = 0; i < inputs.size(); i++) {
            if (inputs.value(i) instanceof Tensor tensor) {
                check(inputs.name(i), tensor.shape());
            }
        }
    }

    /** Throws if this is a scalar and the model's rank is not known. */
    void check(String input, Shape shape) {
        if (shape.rank() == 0 && rankless.contains(input)) {
            throw new InvalidRequestException("input '" + input + "' has shape [], expected at least one"
                    + " dimension, because the model does not say how many it has");
        }
    }
}
