package dev.kitchen.onnx.scan;

import dev.kitchen.onnx.graph.Graph;
import dev.kitchen.onnx.graph.LocalFunction;
import dev.kitchen.onnx.graph.ModelGraph;
import dev.kitchen.onnx.graph.Node;
import java.util.List;

/**
 * Bounds what nested graphs cost while a model is loaded: ONNX Runtime infers the types of a nested graph twice for each
 * time it infers those of the graph around it, so that each level doubles the time.
 */
final class NestedWork {

    /** Nested nodes, each counted twice per level; ONNX Runtime 1.28 takes seconds for this many. */
    private static final long MAX_INFERENCES = 250_000;

    private final ProtoReader reader;
    private long inferences;

    private NestedWork(ProtoReader reader) {
        this.reader = reader;
    }

    static void check(ModelGraph model, ProtoReader reader) {
        NestedWork work = new NestedWork(reader);
        work.add(model.main().nodes(), 0);
        for (LocalFunction function : model.functions()) {
            work.add(function.nodes(), 0);
        }
    }

    private void add(List<Node> nodes, int depth) {
        if (depth > 0) {
            inferences += (long) Math.scalb((double) nodes.size(), depth);
        }
        if (inferences > MAX_INFERENCES) {
            throw reader.refused(
                    "has graphs nested " + depth + " levels deep, which takes ONNX Runtime too long to load:"
                            + " the time doubles with each level; export the model with fewer nested conditions and loops");
        }
        for (Node node : nodes) {
            for (Graph subgraph : node.subgraphs()) {
                add(subgraph.nodes(), depth + 1);
            }
        }
    }
}
