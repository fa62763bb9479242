package dev.kitchen.onnx.operator;

import dev.kitchen.onnx.graph.Node;
import dev.kitchen.onnx.graph.Scope;
import dev.kitchen.tensor.NamedValues;
import java.util.Optional;

/** Values that one node must not be given. */
interface ValueCheck {

    /** Accepts a request, or throws an InvalidRequestException. */
    void check(NamedValues inputs);

    /** Returns the check that a node needs, if it needs one. */
    static Optional<ValueCheck> of(Scope scope, Node node, ShapeSources sources, long maxElements) {
        return node.is("Div") || node.is("Mod")
                ? DivisionCheck.of(scope, node, sources)
                : SizeCheck.of(scope, node, sources, maxElements);
    }
}
