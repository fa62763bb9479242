package dev.kitchen.onnx.run;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.SequenceValue;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;

/**
 * Limits of how many elements inputs and outputs may have, so that a small request cannot take all memory. Outputs are
 * checked before the run where their shapes can be predicted, otherwise before they are copied.
 *
 * @param maxInput the most elements of one input
 * @param maxOutput the most elements of one output
 */
public record ElementLimits(long maxInput, long maxOutput) implements RunCheck {

    public static ElementLimits of(SessionSettings options) {
        return new ElementLimits(options.maxInputElements(), options.maxOutputElements());
    }

    @Override
    public void check(NamedValues inputs) {
        for (int i = 0; i < inputs.size(); i++) {
            Value value = inputs.value(i);
            if (value instanceof Tensor tensor ? tensor.shape().elementCount() > maxInput : count(value) > maxInput) {
                throw new InvalidRequestException("input '" + inputs.name(i) + "' has " + count(value)
                        + " elements, expected at most " + maxInput
                        + "; a larger limit is set with max-input-elements");
            }
        }
    }

    private static long count(Value value) {
        if (value instanceof Tensor tensor) {
            return tensor.shape().elementCount();
        }
        long count = 0;
        if (value instanceof SequenceValue sequence) {
            for (Value element : sequence.elements()) {
                count += count(element);
            }
        }
        return count;
    }

    /** Throws if an output of this shape has too many elements. */
    public void checkOutput(String name, Shape shape) {
        if (shape.elementCount() > maxOutput) {
            throw tooLarge(name, shape.toString(), shape.elementCount());
        }
    }

    /** The failure of a run whose output turned out too large. */
    public InvalidRequestException tooLarge(String name, OutputTooLargeException e) {
        return tooLarge(name, e.shape().toString(), e.shape().elementCount());
    }

    private InvalidRequestException tooLarge(String name, String shape, long elements) {
        return new InvalidRequestException("output '" + name + "' has shape " + shape + ", which is " + elements
                + " elements, expected at most " + maxOutput + "; a larger limit is set with max-output-elements");
    }

    /** Throws if an output that a run returned has too many elements to be copied; its name is known further up. */
    public void checkRead(Shape shape) {
        if (shape.elementCount() > maxOutput) {
            throw new OutputTooLargeException(shape);
        }
    }
}
