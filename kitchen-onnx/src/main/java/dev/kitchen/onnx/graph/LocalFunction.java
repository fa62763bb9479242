package dev.kitchen.onnx.graph;

import java.util.List;
import java.util.Map;

/**
 * A function that the model brings along: ONNX Runtime replaces each of its calls by its nodes.
 *
 * @param domain empty for ONNX's own
 * @param attributes names of attributes without a default
 * @param defaults attributes with a default
 * @param values declared types of its values, by name; often empty
 * @param opsets versions of the operators its nodes are written in, by domain; ONNX's own domain is empty
 */
public record LocalFunction(
        String domain,
        String name,
        String overload,
        List<String> inputs,
        List<String> outputs,
        List<String> attributes,
        List<Attribute> defaults,
        Map<String, ValueInfo> values,
        List<Node> nodes,
        Map<String, Long> opsets) {

    public LocalFunction {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        attributes = List.copyOf(attributes);
        defaults = List.copyOf(defaults);
        values = Map.copyOf(values);
        nodes = List.copyOf(nodes);
        opsets = Map.copyOf(opsets);
    }

    /** Returns whether this node is a call of this function. */
    public boolean isCalledBy(Node node) {
        return node.operator().equals(name)
                && node.domain().equals(domain)
                && node.overload().equals(overload);
    }
}
