package dev.kitchen.onnx.operator;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.onnx.graph.ElementType;
import dev.kitchen.onnx.graph.Node;
import dev.kitchen.onnx.graph.Scope;
import dev.kitchen.tensor.NamedValues;
import java.util.Optional;

/**
 * A division of integers whose operands come from the request in ways that are not computed here: it is enough that the
 * smallest integer may get to the dividend, and -1 to the divisor.
 */
final class FedDivisionCheck implements ValueCheck {

    private final String place;
    private final OperandFeeds dividend;
    private final OperandFeeds divisor;

    private FedDivisionCheck(String place, OperandFeeds dividend, OperandFeeds divisor) {
        this.place = place;
        this.dividend = dividend;
        this.divisor = divisor;
    }

    static Optional<ValueCheck> of(Scope scope, Node node, Origins origins) {
        if (node.integer("fmod", 0) != 0 || !mayDivideIntegers(scope, node, origins)) {
            return Optional.empty();
        }
        OperandFeeds dividend = OperandFeeds.of(origins, scope, node.input(0), OperandFeeds.Wanted.LEAST);
        if (dividend.isNever()) {
            return Optional.empty();
        }
        OperandFeeds divisor = OperandFeeds.of(origins, scope, node.input(1), OperandFeeds.Wanted.MINUS_ONE);
        boolean fromRequest = dividend.dependsOnRequest() || divisor.dependsOnRequest();
        return divisor.isNever() || !fromRequest
                ? Optional.empty()
                : Optional.of(new FedDivisionCheck(NodeCheck.place(node), dividend, divisor));
    }

    private static boolean mayDivideIntegers(Scope scope, Node node, Origins origins) {
        ElementType type = origins.type(scope, node.input(0));
        if (type == ElementType.UNDEFINED) {
            type = origins.type(scope, node.input(1));
        }
        return type == ElementType.UNDEFINED || type == ElementType.INT32 || type == ElementType.INT64;
    }

    @Override
    public void check(NamedValues inputs) {
        String least = dividend.find(inputs);
        if (least == null && !dividend.isAlways()) {
            return;
        }
        String minusOne = divisor.find(inputs);
        if (minusOne == null && (!divisor.isAlways() || least == null)) {
            return;
        }
        throw new InvalidRequestException("input '" + (least == null ? minusOne : least) + "' may make " + place
                + " divide the smallest integer by -1, which has no result of its type and ends the process of ONNX"
                + " Runtime; expected other numbers");
    }
}
