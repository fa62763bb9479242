package dev.kitchen.onnx.operator;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.onnx.graph.ElementType;
import dev.kitchen.onnx.graph.Node;
import dev.kitchen.onnx.graph.Scope;
import dev.kitchen.tensor.NamedValues;
import java.util.Optional;

/**
 * A division of integers: the processor raises an error for the smallest integer divided by -1, which ends the process.
 * Looked for are the two numbers in the two inputs, not at the same position, as broadcasting would have to be followed.
 */
final class DivisionCheck implements ValueCheck {

    private final String place;
    private final NodeValues dividend;
    private final NodeValues divisor;

    private DivisionCheck(String place, NodeValues dividend, NodeValues divisor) {
        this.place = place;
        this.dividend = dividend;
        this.divisor = divisor;
    }

    static Optional<ValueCheck> of(Scope scope, Node node, ShapeSources sources) {
        NodeValues dividend = NodeValues.of(scope, node.input(0), sources);
        NodeValues divisor = NodeValues.of(scope, node.input(1), sources);
        boolean known = !dividend.isUnknown() && !divisor.isUnknown();
        boolean fromRequest = dividend.request() != null || divisor.request() != null;
        return known && fromRequest
                ? Optional.of(new DivisionCheck(NodeCheck.place(node), dividend, divisor))
                : Optional.empty();
    }

    @Override
    public void check(NamedValues inputs) {
        ElementType type = dividend.request() != null ? dividend.type(inputs) : divisor.type(inputs);
        long least = switch (type) {
            case INT64 -> Long.MIN_VALUE;
            case INT32 -> Integer.MIN_VALUE;
            default -> 0;
        };
        if (least != 0 && divisor.contains(inputs, -1) && dividend.contains(inputs, least)) {
            throw new InvalidRequestException("input '"
                    + (dividend.request() == null ? divisor.request() : dividend.request()) + "' makes " + place
                    + " divide " + least + " by -1, which has no result of its type and ends the process of ONNX"
                    + " Runtime; expected other numbers");
        }
    }
}
