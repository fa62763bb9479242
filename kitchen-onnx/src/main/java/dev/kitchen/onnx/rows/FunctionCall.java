package dev.kitchen.onnx.rows;

import dev.kitchen.onnx.graph.Attribute;
import dev.kitchen.onnx.graph.LocalFunction;
import dev.kitchen.onnx.graph.Node;
import dev.kitchen.onnx.graph.Scope;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One call of a function: its nodes, with the attributes that the call gives them. */
record FunctionCall(LocalFunction function, Node call) {

    /** The names that the function's nodes see. */
    Scope scope() {
        return Scope.function(new LocalFunction(
                function.domain(),
                function.name(),
                function.overload(),
                function.inputs(),
                function.outputs(),
                function.attributes(),
                function.defaults(),
                function.values(),
                nodes(),
                function.opsets()));
    }

    List<Node> nodes() {
        return function.nodes().stream().map(this::withAttributes).toList();
    }

    private Node withAttributes(Node node) {
        if (!node.subgraphs().isEmpty()) {
            throw RowsException.unknown("calls a function with nested graphs");
        }
        List<Attribute> attributes = node.attributes().stream()
                .map(attribute -> attribute.reference().isEmpty() ? attribute : given(attribute))
                .filter(Objects::nonNull)
                .toList();
        return new Node(
                node.operator(),
                node.domain(),
                node.overload(),
                node.name(),
                node.inputs(),
                node.outputs(),
                attributes);
    }

    /** The value that the call, or else the function, gives an attribute; null where none does. */
    private @Nullable Attribute given(Attribute attribute) {
        Optional<Attribute> given = call.attribute(attribute.reference())
                .or(() -> function.defaults().stream()
                        .filter(other -> other.name().equals(attribute.reference()))
                        .findFirst());
        return given.map(other -> new Attribute(
                        attribute.name(),
                        other.reference(),
                        other.kind(),
                        other.integers(),
                        other.floats(),
                        other.texts(),
                        other.tensors(),
                        other.graphs(),
                        other.count()))
                .orElse(null);
    }
}
