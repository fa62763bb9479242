package dev.kitchen.onnx.scan;

import dev.kitchen.error.MessageText;
import dev.kitchen.onnx.graph.Graph;
import dev.kitchen.onnx.graph.LocalFunction;
import dev.kitchen.onnx.graph.ModelGraph;
import dev.kitchen.onnx.graph.Node;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Bounds how large a model becomes when ONNX Runtime replaces each call of a function by the function's nodes: functions
 * that call one another twice double it with each level.
 */
final class FunctionSize {

    private static final int MAX_DEPTH = 32;
    private static final long MAX_NODES = 200_000;

    /** ONNX Runtime 1.28 takes about a second for every thousand calls on a busy machine. */
    private static final long MAX_CALLS = 20_000;

    /** What a list of nodes becomes: how many nodes, and how many calls are replaced on the way. */
    private record Size(long nodes, long calls) {
        static final Size NONE = new Size(0, 0);

        Size plus(Size other) {
            return new Size(nodes + other.nodes, calls + other.calls);
        }
    }

    private record Key(String domain, String name, String overload) {}

    private final ProtoReader reader;
    private final Map<Key, LocalFunction> functions = new HashMap<>();
    private final Map<Key, Size> sizes = new HashMap<>();
    private final Set<Key> open = new HashSet<>();

    private FunctionSize(ModelGraph model, ProtoReader reader) {
        this.reader = reader;
        for (LocalFunction function : model.functions()) {
            functions.put(new Key(function.domain(), function.name(), function.overload()), function);
        }
    }

    static void check(ModelGraph model, ProtoReader reader) {
        if (model.functions().isEmpty()) {
            return;
        }
        FunctionSize size = new FunctionSize(model, reader);
        size.of(model.main().nodes());
        for (Key function : size.functions.keySet()) {
            size.ofFunction(function);
        }
    }

    private Size of(List<Node> nodes) {
        Size size = new Size(nodes.size(), 0);
        for (Node node : nodes) {
            size = size.plus(ofFunction(new Key(node.domain(), node.operator(), node.overload())));
            for (Graph subgraph : node.subgraphs()) {
                size = size.plus(of(subgraph.nodes()));
            }
            if (size.nodes() > MAX_NODES || size.calls() > MAX_CALLS) {
                throw reader.refused("has functions that call one another so often that replacing each call by the"
                        + " function's nodes takes more than " + MAX_CALLS + " replacements or makes more than "
                        + MAX_NODES
                        + " nodes, expected fewer");
            }
        }
        return size;
    }

    private Size ofFunction(Key key) {
        LocalFunction function = functions.get(key);
        if (function == null) {
            return Size.NONE;
        }
        Size known = sizes.get(key);
        if (known == null) {
            known = ofNewFunction(key, function);
            sizes.put(key, known);
        }
        return known;
    }

    private Size ofNewFunction(Key key, LocalFunction function) {
        if (!open.add(key)) {
            throw reader.refused("has the function '" + MessageText.of(key.name(), 100) + "' that calls itself");
        }
        if (open.size() > MAX_DEPTH) {
            throw reader.refused("has functions that call one another deeper than " + MAX_DEPTH + " levels");
        }
        Size size = of(function.nodes()).plus(new Size(0, 1));
        open.remove(key);
        return size;
    }
}
