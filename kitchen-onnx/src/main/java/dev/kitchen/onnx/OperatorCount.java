package dev.kitchen.onnx;

import dev.kitchen.onnx.graph.ModelGraph;
import java.util.SortedMap;
import java.util.TreeMap;

/** How often each operator stands in a model: in its graph, in what is nested in that, and in its functions. */
final class OperatorCount {

    private final SortedMap<String, Long> counts = new TreeMap<>();
    private final SortedMap<String, Long> opsets = new TreeMap<>();

    private OperatorCount() {}

    static OperatorCount of(ModelGraph model) {
        OperatorCount operators = new OperatorCount();
        model.forEachScope(scope ->
                scope.graph().nodes().forEach(node -> operators.counts.merge(node.qualifiedOperator(), 1L, Long::sum)));
        model.opsets()
                .forEach((domain, version) -> operators.opsets.put(domain.isEmpty() ? "ai.onnx" : domain, version));
        return operators;
    }

    /** By name, with the domain before it where that is not ONNX's own. */
    SortedMap<String, Long> counts() {
        return counts;
    }

    /** Versions by domain; ONNX's own domain is {@code ai.onnx}. */
    SortedMap<String, Long> opsets() {
        return opsets;
    }
}
