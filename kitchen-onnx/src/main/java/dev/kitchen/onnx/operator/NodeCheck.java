package dev.kitchen.onnx.operator;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.ModelLoadException;
import dev.kitchen.onnx.graph.Node;
import dev.kitchen.tensor.NamedValues;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The shapes that one node has to be given: one of several rules has to hold. */
final class NodeCheck {

    private final String place;
    private final NodeShapes[] rules;

    NodeCheck(Node node, List<ShapeRule> rules, List<ShapeSource> sources) {
        this.place = place(node);
        this.rules =
                rules.stream().map(rule -> new NodeShapes(rule, node, sources)).toArray(NodeShapes[]::new);
    }

    /** Names a node for a message. */
    static String place(Node node) {
        return "the operator " + node.qualifiedOperator() + " (node '" + node.name() + "')";
    }

    String place() {
        return place;
    }

    boolean dependsOnRequest() {
        for (NodeShapes rule : rules) {
            if (rule.isEmpty()) {
                return false;
            }
        }
        for (NodeShapes rule : rules) {
            if (rule.dependsOnRequest()) {
                return true;
            }
        }
        return false;
    }

    /** Throws if constants of the model do not fit, whatever a request brings. */
    void requireLoadable() {
        NodeShapes.Slot misfit = misfit(null);
        if (misfit != null) {
            String request = misfit.source().request();
            if (request != null && misfit.pattern().constant()) {
                throw new ModelLoadException(place + " gets '" + request + "' as its input " + misfit.index()
                        + ", expected a constant of the model: ONNX Runtime would end the process");
            }
            throw new ModelLoadException(place + " has " + (request == null ? "a constant" : "'" + request + "'")
                    + " of shape " + NodeShapes.actual(misfit, null) + " as its input " + misfit.index()
                    + ", expected " + expected(misfit) + ": ONNX Runtime would end the process");
        }
    }

    void check(NamedValues inputs) {
        NodeShapes.Slot misfit = misfit(inputs);
        if (misfit != null) {
            String name = misfit.source().request();
            throw new InvalidRequestException((name == null ? "a constant" : "input '" + name + "'") + " has shape "
                    + NodeShapes.actual(misfit, inputs) + ", expected " + expected(misfit) + " for input "
                    + misfit.index() + " of " + place
                    + ", which ends the process of ONNX Runtime with other shapes");
        }
    }

    private NodeShapes.@Nullable Slot misfit(@Nullable NamedValues inputs) {
        NodeShapes.Slot first = null;
        for (NodeShapes rule : rules) {
            NodeShapes.Slot misfit = rule.misfit(inputs);
            if (misfit == null) {
                return null;
            }
            first = first == null ? misfit : first;
        }
        return first;
    }

    private static String expected(NodeShapes.Slot slot) {
        String text = slot.pattern().text();
        return "[" + text + "] (+, small letters, and ...: at least 1; equal letters: equal sizes)";
    }
}
