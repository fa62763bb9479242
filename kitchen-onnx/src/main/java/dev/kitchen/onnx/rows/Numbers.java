package dev.kitchen.onnx.rows;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;

/** Arithmetic on short lists of whole numbers, mostly shapes on their way to a Reshape or an Expand. */
final class Numbers {

    private static final Map<String, BinaryOperator<Size>> OPERATORS = Map.of(
            "Add", Numbers::add,
            "Sub", Numbers::subtract,
            "Mul", Size::times,
            "Div", Numbers::divide,
            "Equal", Numbers::equal);

    private Numbers() {}

    /** The elements of an element-wise operator's output; empty where an input's are not known. */
    static Optional<RowValue> elementwise(Step step) {
        List<RowValue> inputs = step.present();
        boolean known = inputs.stream().allMatch(value -> value.elements().isPresent() && value.rank() <= 1);
        if (!known) {
            return Optional.empty();
        }
        List<Size> shape = List.of();
        for (RowValue input : inputs) {
            shape = Broadcast.shape(shape, input.knownShape());
        }
        int count = shape.isEmpty()
                ? 1
                : shape.get(0).isKnown() ? (int) shape.get(0).factor() : -1;
        List<Size> elements = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int position = i;
            elements.add(element(
                    step.node().operator(),
                    inputs.stream().map(value -> at(value, position)).toList()));
        }
        return count < 0 ? Optional.empty() : Optional.of(RowValue.numbers(shape, elements));
    }

    private static Size at(RowValue value, int position) {
        List<Size> elements = value.elements().orElseThrow();
        return elements.get(elements.size() == 1 ? 0 : position);
    }

    private static Size element(String operator, List<Size> operands) {
        if (operands.size() == 1 && (operator.equals("Identity") || operator.equals("Cast"))) {
            return operands.get(0);
        }
        if (operator.equals("Where")) {
            return where(operands.get(0), operands.get(1), operands.get(2));
        }
        BinaryOperator<Size> known = OPERATORS.get(operator);
        return known != null && operands.size() == 2 ? known.apply(operands.get(0), operands.get(1)) : unless(operands);
    }

    /** A number of which nothing is known but what it depends on. */
    private static Size unless(List<Size> operands) {
        return operands.stream().allMatch(Size::isFixed) ? Size.unknown() : Size.OTHER;
    }

    private static Size where(Size condition, Size then, Size otherwise) {
        if (condition.isKnown()) {
            return condition.factor() != 0 ? then : otherwise;
        }
        return then.equals(otherwise) && condition.isFixed() ? then : unless(List.of(condition, then, otherwise));
    }

    private static Size add(Size one, Size other) {
        if (one.is(0) || other.is(0)) {
            return one.is(0) ? other : one;
        }
        return one.isKnown() && other.isKnown() ? Size.of(one.factor() + other.factor()) : unless(List.of(one, other));
    }

    private static Size subtract(Size one, Size other) {
        if (other.is(0)) {
            return one;
        }
        return one.isKnown() && other.isKnown() ? Size.of(one.factor() - other.factor()) : unless(List.of(one, other));
    }

    private static Size divide(Size one, Size other) {
        if (one.isKnown() && other.isKnown()) {
            return other.is(0) ? Size.OTHER : Size.of(one.factor() / other.factor());
        }
        Size exact = one.dividedBy(other);
        return exact.kind() == Size.Kind.OTHER ? unless(List.of(one, other)) : exact;
    }

    private static Size equal(Size one, Size other) {
        if (one.isKnown() && other.isKnown()) {
            return Size.of(one.factor() == other.factor() ? 1 : 0);
        }
        return isNegative(one) && isCount(other) || isNegative(other) && isCount(one)
                ? Size.of(0)
                : unless(List.of(one, other));
    }

    private static boolean isNegative(Size size) {
        return size.isKnown() && size.factor() < 0;
    }

    /** The number of rows is no negative number. */
    private static boolean isCount(Size size) {
        return size.equals(Size.ROWS);
    }
}
