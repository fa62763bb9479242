package dev.kitchen.onnx.rows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Operators that compute each element of their output from the elements at the same place of their inputs. */
final class Broadcast {

    private Broadcast() {}

    static List<RowValue> elementwise(Step step) {
        return List.of(elementwise(step.present()));
    }

    /** What is known of a value that is computed element by element. */
    static RowValue elementwise(List<RowValue> inputs) {
        boolean rows = inputs.stream().anyMatch(RowValue::hasRows);
        boolean count = inputs.stream().anyMatch(value -> value.kind() == RowValue.Kind.COUNT);
        if (rows && count) {
            throw RowsException.mixed("computes with the number of rows");
        }
        if (inputs.stream().anyMatch(value -> value.shape().isEmpty())) {
            if (rows) {
                throw RowsException.unknown("has an input of unknown rank");
            }
            return count ? RowValue.count(Optional.empty()) : RowValue.free();
        }
        List<Size> shape = inputs.get(0).knownShape();
        for (RowValue input : inputs) {
            shape = shape(shape, input.knownShape());
        }
        return count ? RowValue.count(Optional.of(shape)) : RowValue.shaped(shape);
    }

    /** The shape of two broadcast to one another. */
    static List<Size> shape(List<Size> one, List<Size> other) {
        List<Size> result = new ArrayList<>();
        for (int i = 1; i <= Math.max(one.size(), other.size()); i++) {
            Size left = i <= one.size() ? one.get(one.size() - i) : Size.ONE;
            Size right = i <= other.size() ? other.get(other.size() - i) : Size.ONE;
            result.add(size(left, right));
        }
        Collections.reverse(result);
        return result;
    }

    /**
     * A dimension of rows is broadcast to 1 only: another number would fit a single row, or as many rows, and then give each
     * row a part that depends on its place.
     */
    private static Size size(Size left, Size right) {
        if (left.is(1) || left.equals(right)) {
            return right;
        }
        if (right.is(1)) {
            return left;
        }
        if (!left.isFixed() || !right.isFixed()) {
            throw RowsException.unknown("broadcasts the dimension of the rows");
        }
        if (left.isKnown()) {
            return left;
        }
        return right.isKnown() ? right : Size.unknown();
    }
}
