package dev.kitchen.onnx.operator;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.SequenceValue;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is demanded of an input of the model that may reach an operator in ways that are not followed step by step.
 *
 * @param emptyEnds whether the process would end if the operator got a tensor without elements; if it got a scalar else
 */
record Demand(Emptiness.Need need, String place, boolean emptyEnds) {

    void check(NamedValues inputs) {
        Value value = value(inputs, need.input());
        Shape misfit = value == null ? null : misfit(value);
        if (misfit != null && !isJoinedToElements(inputs)) {
            throw new InvalidRequestException("input '" + need.input() + "' has "
                    + (value instanceof SequenceValue ? "an element of " : "") + "shape " + misfit
                    + ", expected at least "
                    + (emptyEnds ? "one element" : "one dimension") + ", because it may reach " + place
                    + " or decide what does, and a tensor without " + (emptyEnds ? "elements" : "dimensions")
                    + " there ends the process of ONNX Runtime");
        }
    }

    private static @Nullable Value value(NamedValues inputs, String name) {
        for (int i = 0; i < inputs.size(); i++) {
            if (inputs.name(i).equals(name)) {
                return inputs.value(i);
            }
        }
        return null;
    }

    private @Nullable Shape misfit(Value value) {
        if (value instanceof Tensor tensor) {
            return isMisfit(tensor.shape()) ? tensor.shape() : null;
        }
        if (value instanceof SequenceValue sequence) {
            List<Value> elements = sequence.elements();
            for (int i = 0; i < elements.size(); i++) {
                Shape misfit = misfit(elements.get(i));
                if (misfit != null) {
                    return misfit;
                }
            }
        }
        return null;
    }

    private boolean isMisfit(Shape shape) {
        if (!emptyEnds) {
            return shape.rank() == 0;
        }
        for (int i = 0; i < shape.rank(); i++) {
            if (shape.dimension(i) == 0 && !need.ignores(i)) {
                return true;
            }
        }
        return false;
    }

    private boolean isJoinedToElements(NamedValues inputs) {
        Set<String> others = need.unless();
        for (int i = 0; i < inputs.size() && !others.isEmpty(); i++) {
            if (others.contains(inputs.name(i))
                    && inputs.value(i) instanceof Tensor tensor
                    && tensor.elementCount() > 0) {
                return true;
            }
        }
        return false;
    }
}
