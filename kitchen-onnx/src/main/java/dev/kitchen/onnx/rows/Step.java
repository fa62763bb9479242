package dev.kitchen.onnx.rows;

import dev.kitchen.onnx.graph.Attribute;
import dev.kitchen.onnx.graph.Node;
import dev.kitchen.onnx.graph.Scope;
import dev.kitchen.onnx.graph.TensorInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One node with what is known of its inputs.
 *
 * @param opset the version of the operators of the node's domain
 * @param scope where its constants are found
 * @param inputs in the node's order; those that are left out are free of rows and have no shape
 */
record Step(Node node, long opset, List<RowValue> inputs, Scope scope) {

    Step {
        inputs = List.copyOf(inputs);
    }

    boolean has(int index) {
        return !node.input(index).isEmpty();
    }

    RowValue input(int index) {
        if (!has(index)) {
            throw RowsException.unknown("has no input " + index);
        }
        return inputs.get(index);
    }

    /** The tensor that an input is in every run. */
    Optional<TensorInfo> constant(int index) {
        return has(index) ? scope.constant(node.input(index)) : Optional.empty();
    }

    /** The inputs that are not left out. */
    List<RowValue> present() {
        List<RowValue> present = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            if (has(i)) {
                present.add(inputs.get(i));
            }
        }
        return present;
    }

    long integer(String attribute, long orElse) {
        Optional<Attribute> present = node.attribute(attribute);
        return present.isEmpty()
                ? orElse
                : present.get()
                        .integer()
                        .orElseThrow(
                                () -> RowsException.unknown("has an attribute '" + attribute + "' of another type"));
    }

    Optional<List<Long>> integers(String attribute) {
        return node.attribute(attribute)
                .map(present -> present.integers()
                        .filter(values -> present.reference().isEmpty())
                        .orElseThrow(
                                () -> RowsException.unknown("has an attribute '" + attribute + "' of another type")));
    }

    /** Whole numbers of an attribute, or else of an input that holds constants; empty where neither is there. */
    Optional<List<Long>> integers(String attribute, int input) {
        Optional<List<Long>> values = integers(attribute);
        return values.isPresent() || !has(input)
                ? values
                : Optional.of(input(input).knownNumbers(attribute));
    }

    /** A number of a dimension: a negative one counts from the last. */
    static int axis(long axis, int rank) {
        long positive = axis < 0 ? axis + rank : axis;
        if (positive < 0 || positive >= rank) {
            throw RowsException.unknown("has an axis " + axis + " for " + rank + " dimensions");
        }
        return (int) positive;
    }

    static List<Integer> axes(List<Long> axes, int rank) {
        return axes.stream().map(axis -> axis(axis, rank)).toList();
    }

    /** Fails unless inputs from this one on do not depend on the rows. */
    Step requireFreeFrom(int index) {
        for (int i = index; i < inputs.size(); i++) {
            requireFree(i);
        }
        return this;
    }

    void requireFree(int index) {
        if (has(index) && !input(index).isFree()) {
            throw RowsException.unknown("has an input " + index + " that depends on the rows");
        }
    }
}
