package dev.kitchen.compare;

import dev.kitchen.error.MessageText;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.Tensor;
import java.util.Optional;

/** Where a tensor is not what a golden case expects, within its tolerances. */
public final class TensorDifference {

    private final Tolerance tolerance;

    public TensorDifference(Tolerance tolerance) {
        this.tolerance = tolerance;
    }

    /** The first difference, to follow the tensor's name in a message; empty if there is none. */
    public Optional<String> find(Tensor expected, Tensor actual) {
        if (expected.type() != actual.type()) {
            return Optional.of("has type " + actual.type() + ", expected " + expected.type());
        }
        if (!expected.shape().equals(actual.shape())) {
            return Optional.of("has shape " + actual.shape() + ", expected " + expected.shape());
        }
        if (expected.equals(actual)) {
            return Optional.empty();
        }
        for (int i = 0; i < expected.elementCount(); i++) {
            if (!agree(expected, actual, i)) {
                return Optional.of("element " + i + " is " + text(actual, i) + ", expected " + text(expected, i)
                        + (expected.type().isFloating() ? tolerance.text(expected.doubleAt(i)) : ""));
            }
        }
        return Optional.empty();
    }

    private boolean agree(Tensor expected, Tensor actual, int index) {
        return expected.type().isFloating()
                ? tolerance.allows(expected.doubleAt(index), actual.doubleAt(index))
                : text(expected, index).equals(text(actual, index));
    }

    /** The element, exactly: no two that differ have the same text. */
    static String text(Tensor tensor, int index) {
        DataType type = tensor.type();
        return switch (type) {
            case STRING -> "'" + MessageText.of(tensor.stringAt(index)) + "'";
            case BOOL -> tensor.bytes().get(index) == 0 ? "false" : "true";
            case UINT64 -> Long.toUnsignedString(tensor.bytes().getLong(index * Long.BYTES));
            case DOUBLE -> Double.toString(tensor.doubleAt(index));
            case FLOAT, FLOAT16, BFLOAT16 -> Float.toString(tensor.floatAt(index));
            default -> Long.toString(tensor.longAt(index));
        };
    }
}
