package dev.kitchen.onnx.operator;

import dev.kitchen.onnx.graph.Node;
import dev.kitchen.onnx.graph.Scope;
import dev.kitchen.tensor.NamedValues;
import java.util.ArrayList;
import java.util.List;

/** Values that one node must not be given. */
interface ValueCheck {

    /** Accepts a request, or throws an InvalidRequestException. */
    void check(NamedValues inputs);

    /** Returns the checks that a node needs; none for most. */
    static List<ValueCheck> of(Scope scope, Node node, ShapeSources sources, Origins origins, long maxElements) {
        List<ValueCheck> checks = new ArrayList<>();
        if (node.is("Div") || node.is("Mod")) {
            DivisionCheck.of(scope, node, sources, origins).ifPresent(checks::add);
        }
        SizeCheck.of(scope, node, sources, maxElements).ifPresent(checks::add);
        RangeCheck.of(scope, node, sources).stream()
                .filter(RangeCheck::dependsOnRequest)
                .forEach(checks::add);
        return checks;
    }
}
