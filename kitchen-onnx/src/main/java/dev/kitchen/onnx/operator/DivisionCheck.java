package dev.kitchen.onnx.operator;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.onnx.graph.ElementType;
import dev.kitchen.onnx.graph.Node;
import dev.kitchen.onnx.graph.Scope;
import dev.kitchen.tensor.NamedValues;
import java.util.Optional;

/**
 * A division of integers: the processor raises an error for the smallest integer divided by -1, which ends the process.
 * Where the shapes of both inputs are known the numbers have to meet; elsewhere it is enough that both occur.
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

    static Optional<ValueCheck> of(Scope scope, Node node, ShapeSources sources, Origins origins) {
        NodeValues dividend = NodeValues.direct(scope, node.input(0), sources);
        NodeValues divisor = NodeValues.direct(scope, node.input(1), sources);
        boolean known = !dividend.isUnknown() && !divisor.isUnknown();
        boolean fromRequest = dividend.request() != null || divisor.request() != null;
        if (!known) {
            return FedDivisionCheck.of(scope, node, origins);
        }
        return fromRequest && node.integer("fmod", 0) == 0
                ? Optional.of(new DivisionCheck(NodeCheck.place(node), dividend, divisor))
                : Optional.empty();
    }

    @Override
    public void check(NamedValues inputs) {
        ElementType known = divisor.type(inputs);
        ElementType type = known == ElementType.UNDEFINED ? dividend.type(inputs) : known;
        long least = type == ElementType.INT64 ? Long.MIN_VALUE : Integer.MIN_VALUE;
        if ((type == ElementType.INT64 || type == ElementType.INT32)
                && divisor.mayContain(inputs, -1, type)
                && dividend.mayContain(inputs, least, type)
                && meet(inputs, least, type)) {
            throw new InvalidRequestException("input '"
                    + (dividend.request() == null ? divisor.request() : dividend.request()) + "' makes " + place
                    + " divide " + least + " by -1, which has no result of its type and ends the process of ONNX"
                    + " Runtime; expected other numbers");
        }
    }

    private boolean meet(NamedValues inputs, long least, ElementType type) {
        long[] left = dividend.shape(inputs);
        long[] right = divisor.shape(inputs);
        return left == null
                || right == null
                || BroadcastPairs.anyMatch(
                        left,
                        right,
                        (i, j) -> divisor.mayBe(inputs, j, -1, type) && dividend.mayBe(inputs, i, least, type));
    }
}
