package dev.kitchen.compare;

import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.Tensor;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Optional;

/**
 * Compares one output of several requests with what a batch gave them. Fractions may differ by what adding up numbers in
 * another order explains; all other elements have to be equal.
 *
 * <p>The allowance of an element is relative to the largest number that stands at its place in any of the rows: a small
 * column is not measured by a large one beside it, and a number that is small in one row only, because terms cancelled
 * there, is measured by the terms.
 */
public final class RowDifference {

    /** However much an answer reacts to its inputs, a difference beyond this share of its column is not rounding. */
    private static final double MOST = 1e-2;

    /** How many times as far as by a nudge of the inputs an element may move by being computed in a batch. */
    private static final double NUDGES = 4;

    private final List<Tensor> alone;
    private final double relative;
    private final int rowElements;
    private final double[] scale;

    /**
     * A comparison with these answers.
     *
     * @param alone the output of each request by itself: tensors that have rows
     */
    RowDifference(List<Tensor> alone) {
        this.alone = List.copyOf(alone);
        Tensor first = alone.get(0);
        this.relative = relative(first.type());
        this.rowElements = rowElements(first);
        this.scale = first.type().isFloating() ? largest(alone, rowElements) : new double[0];
    }

    /** How precisely a type holds a number, with room for sums of many terms. */
    private static double relative(DataType type) {
        return switch (type) {
            case FLOAT16 -> 4e-3;
            case BFLOAT16 -> 3e-2;
            default -> 1e-4;
        };
    }

    private static int rowElements(Tensor tensor) {
        long rows = tensor.shape().dimension(0);
        return rows == 0 ? 0 : (int) (tensor.elementCount() / rows);
    }

    private static double[] largest(List<Tensor> tensors, int rowElements) {
        double[] largest = new double[rowElements];
        for (Tensor tensor : tensors) {
            for (int i = 0; rowElements(tensor) == rowElements && i < tensor.elementCount(); i++) {
                double size = Math.abs(tensor.doubleAt(i));
                int column = i % rowElements;
                largest[column] = Double.isFinite(size) ? Math.max(largest[column], size) : largest[column];
            }
        }
        return largest;
    }

    /** The first difference of a request's answer, to follow the output's name in a message; empty if there is none. */
    Optional<String> find(int request, Tensor batched) {
        return find(request, batched, List.of());
    }

    /**
     * As {@link #find(int, Tensor)}, for elements that may react strongly to their inputs.
     *
     * @param nudged what the request is answered alone when its inputs are moved by about their precision
     */
    Optional<String> find(int request, Tensor batched, List<Tensor> nudged) {
        Tensor expected = alone.get(request);
        if (expected.type() != batched.type() || !expected.shape().equals(batched.shape())) {
            return Optional.of("is " + batched.type() + " " + batched.shape() + ", expected " + expected.type() + " "
                    + expected.shape());
        }
        if (expected.equals(batched)) {
            return Optional.empty();
        }
        for (int i = 0; i < expected.elementCount(); i++) {
            double allowed = expected.type().isFloating() ? allowed(expected, batched, nudged, i) : 0;
            if (!agree(expected, batched, i, allowed)) {
                return Optional.of("element " + i + " is " + TensorDifference.text(batched, i) + ", expected "
                        + TensorDifference.text(expected, i) + (expected.type().isFloating() ? text(allowed) : ""));
            }
        }
        return Optional.empty();
    }

    private static boolean agree(Tensor expected, Tensor actual, int index, double allowed) {
        if (!expected.type().isFloating()) {
            return TensorDifference.text(expected, index).equals(TensorDifference.text(actual, index));
        }
        double wanted = expected.doubleAt(index);
        double got = actual.doubleAt(index);
        return wanted == got || Double.compare(wanted, got) == 0 || Math.abs(wanted - got) <= allowed;
    }

    private double allowed(Tensor expected, Tensor batched, List<Tensor> nudged, int index) {
        double size = Math.max(Math.abs(expected.doubleAt(index)), Math.abs(batched.doubleAt(index)));
        size = rowElements(expected) == rowElements ? Math.max(size, scale[index % rowElements]) : size;
        double moved = 0;
        for (Tensor other : nudged) {
            if (other.elementCount() == expected.elementCount()) {
                moved = Math.max(moved, Math.abs(other.doubleAt(index) - expected.doubleAt(index)));
            }
        }
        double usual = relative * size;
        double allowed =
                Double.isFinite(moved) ? Math.min(Math.max(usual, MOST * size), usual + NUDGES * moved) : usual;
        return Double.isFinite(allowed) ? allowed : 0;
    }

    private static String text(double allowed) {
        return " ± " + new BigDecimal(allowed).round(new MathContext(2)).stripTrailingZeros();
    }

    /** Whether two requests have answers that differ by more than a comparison would let pass. */
    boolean differ(int one, int other) {
        return find(one, alone.get(other)).isPresent();
    }

    /** Whether all numbers of a tensor are finite. */
    public static boolean isFinite(Tensor tensor) {
        for (int i = 0; tensor.type().isFloating() && i < tensor.elementCount(); i++) {
            if (!Double.isFinite(tensor.doubleAt(i))) {
                return false;
            }
        }
        return true;
    }
}
