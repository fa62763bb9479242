package dev.kitchen.serving;

import dev.kitchen.predict.GoldenCase;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.Tensor;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Optional;

/** Where a tensor is not what a golden case expects, within its tolerances. */
final class TensorDifference {

    private final GoldenCase golden;

    TensorDifference(GoldenCase golden) {
        this.golden = golden;
    }

    /** The first difference, to follow the tensor's name in a message; empty if there is none. */
    Optional<String> find(Tensor expected, Tensor actual) {
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
                        + tolerance(expected, i));
            }
        }
        return Optional.empty();
    }

    private boolean agree(Tensor expected, Tensor actual, int index) {
        if (!expected.type().isFloating()) {
            return text(expected, index).equals(text(actual, index));
        }
        double wanted = expected.doubleAt(index);
        double got = actual.doubleAt(index);
        if (!Double.isFinite(wanted) || !Double.isFinite(got)) {
            return Double.compare(wanted, got) == 0;
        }
        return Math.abs(got - wanted) <= allowed(wanted);
    }

    private double allowed(double wanted) {
        return golden.absoluteTolerance() + golden.relativeTolerance() * Math.abs(wanted);
    }

    private String tolerance(Tensor expected, int index) {
        if (!expected.type().isFloating() || !Double.isFinite(expected.doubleAt(index))) {
            return "";
        }
        double allowed = allowed(expected.doubleAt(index));
        return Double.isInfinite(allowed)
                ? ""
                : " ± " + new BigDecimal(allowed).round(new MathContext(2)).stripTrailingZeros();
    }

    /** The element, exactly: no two that differ have the same text. */
    private static String text(Tensor tensor, int index) {
        DataType type = tensor.type();
        return switch (type) {
            case STRING -> "'" + tensor.stringAt(index) + "'";
            case BOOL -> tensor.bytes().get(index) == 0 ? "false" : "true";
            case UINT64 -> Long.toUnsignedString(tensor.bytes().getLong(index * Long.BYTES));
            case DOUBLE -> Double.toString(tensor.doubleAt(index));
            case FLOAT, FLOAT16, BFLOAT16 -> Float.toString(tensor.floatAt(index));
            default -> Long.toString(tensor.longAt(index));
        };
    }
}
