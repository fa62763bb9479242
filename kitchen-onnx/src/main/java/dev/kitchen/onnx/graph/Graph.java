package dev.kitchen.onnx.graph;

import java.util.List;
import java.util.Map;

/**
 * A graph: a model's main graph, or the body or branch of an operator.
 *
 * @param initializers by name, sparse ones included
 * @param values declared types of values that are neither inputs nor outputs, by name; often empty
 * @param nodes in the file's order
 */
public record Graph(
        String name,
        List<ValueInfo> inputs,
        List<ValueInfo> outputs,
        Map<String, TensorInfo> initializers,
        Map<String, ValueInfo> values,
        List<Node> nodes) {

    public Graph {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        initializers = Map.copyOf(initializers);
        values = Map.copyOf(values);
        nodes = List.copyOf(nodes);
    }
}
