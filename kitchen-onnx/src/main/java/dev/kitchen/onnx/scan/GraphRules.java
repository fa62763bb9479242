package dev.kitchen.onnx.scan;

import dev.kitchen.error.MessageText;
import dev.kitchen.onnx.graph.Graph;
import dev.kitchen.onnx.graph.ModelGraph;
import dev.kitchen.onnx.graph.Node;
import dev.kitchen.onnx.graph.Scope;
import dev.kitchen.onnx.graph.ValueInfo;

/** Refuses graphs that end the process, or keep it busy without end, when ONNX Runtime loads them. */
final class GraphRules {

    private GraphRules() {}

    /** Throws at the first thing that is refused. */
    static void check(ModelGraph model, ProtoReader reader) {
        NestedWork.check(model, reader);
        FunctionSize.check(model, reader);
        model.forEachScope(scope -> checkBodies(scope, reader));
    }

    private static void checkBodies(Scope scope, ProtoReader reader) {
        for (Node node : scope.graph().nodes()) {
            // The branches of a condition are exempt: they take no inputs, and ONNX Runtime runs such a branch.
            if (!node.is("If")) {
                node.subgraphs().forEach(body -> checkInputs(node, body, reader));
            }
        }
    }

    /**
     * ONNX Runtime 1.28 does not count such an input, and then reads past the end of the list of inputs (its pull request
     * 32609).
     */
    private static void checkInputs(Node node, Graph body, ProtoReader reader) {
        for (ValueInfo input : body.inputs()) {
            if (body.initializers().containsKey(input.name())) {
                throw reader.refused("has the operator " + MessageText.of(node.operator(), 100) + " '"
                        + MessageText.of(node.name(), 100) + "' whose body has '" + MessageText.of(input.name(), 100)
                        + "' both as an input and as an initializer, expected one or the other; give the initializer"
                        + " another name");
            }
        }
    }
}
