package dev.kitchen.session;

import dev.kitchen.tensor.EmptyOptional;
import dev.kitchen.tensor.MapSpec;
import dev.kitchen.tensor.MapValue;
import dev.kitchen.tensor.OptionalSpec;
import dev.kitchen.tensor.SequenceSpec;
import dev.kitchen.tensor.SequenceValue;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.Value;
import dev.kitchen.tensor.ValueSpec;

/** Whether a value is what a signature asks for, and what is different where it is not. */
public final class ValueCheck {

    private ValueCheck() {}

    public static boolean fits(ValueSpec spec, Value value) {
        if (spec instanceof TensorSpec tensorSpec) {
            return value instanceof Tensor tensor
                    && tensor.type() == tensorSpec.type()
                    && tensorSpec.shape().accepts(tensor.shape());
        }
        if (spec instanceof SequenceSpec sequenceSpec) {
            return value instanceof SequenceValue sequence
                    && sequence.elements().stream().allMatch(it -> fits(sequenceSpec.element(), it));
        }
        if (spec instanceof MapSpec mapSpec) {
            return value instanceof MapValue map
                    && map.keyType() == mapSpec.keyType()
                    && map.valueType() == mapSpec.valueType();
        }
        return value instanceof EmptyOptional || fits(((OptionalSpec) spec).element(), value);
    }

    /** For a value that does not fit, what it is and what was expected, to follow its name in a message. */
    public static String difference(ValueSpec spec, Value value) {
        if (spec instanceof OptionalSpec optional) {
            return difference(optional.element(), value);
        }
        if (spec instanceof TensorSpec expected && value instanceof Tensor actual) {
            return actual.type() != expected.type()
                    ? "has type " + actual.type() + ", expected " + expected.type()
                    : "has shape " + actual.shape() + ", expected " + expected.shape();
        }
        if (spec instanceof SequenceSpec expected && value instanceof SequenceValue actual) {
            for (int i = 0; i < actual.elements().size(); i++) {
                Value element = actual.elements().get(i);
                if (!fits(expected.element(), element)) {
                    return "at element " + i + " " + difference(expected.element(), element);
                }
            }
        }
        return "is " + kind(value) + ", expected " + kind(spec);
    }

    private static String kind(Value value) {
        if (value instanceof MapValue map) {
            return "a map from " + map.keyType() + " to " + map.valueType();
        }
        return value instanceof Tensor ? "a tensor" : value instanceof SequenceValue ? "a sequence" : "empty";
    }

    private static String kind(ValueSpec spec) {
        return spec instanceof TensorSpec ? "a tensor" : spec instanceof SequenceSpec ? "a sequence" : spec.toString();
    }
}
