package dev.kitchen.tflite;

import dev.kitchen.error.MessageText;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whether a file makes sense as a whole: its graphs, which of them calls which, and what its signatures name. */
final class ModelCheck {

    private final FlatFile file;
    private final List<GraphInfo> graphs;
    private final List<SignatureInfo> signatures;
    private final boolean trusted;

    ModelCheck(FlatFile file, List<GraphInfo> graphs, List<SignatureInfo> signatures, boolean trusted) {
        this.file = file;
        this.graphs = graphs;
        this.signatures = signatures;
        this.trusted = trusted;
    }

    void check() {
        for (GraphInfo graph : graphs) {
            new GraphCheck(file, graph, trusted).check();
            requireNoCycle(graph.index(), new ArrayDeque<>());
        }
        Set<String> keys = new HashSet<>();
        for (SignatureInfo signature : signatures) {
            if (!keys.add(signature.key())) {
                throw file.damaged("the signature '" + MessageText.of(signature.key(), 60) + "' is there twice");
            }
            if (signature.graph() < 0 || signature.graph() >= graphs.size()) {
                throw file.damaged("a signature is for graph " + signature.graph() + ", there are " + graphs.size());
            }
            GraphInfo graph = graphs.get(signature.graph());
            requireNamed(signature.inputs(), graph.inputs(), "input");
            requireNamed(signature.outputs(), graph.outputs(), "output");
        }
    }

    private void requireNamed(Map<String, Integer> names, List<Integer> tensors, String what) {
        names.forEach((name, tensor) -> {
            if (!tensors.contains(tensor)) {
                throw file.damaged("a signature's " + what + " '" + MessageText.of(name, 60)
                        + "' is none of its graph's: " + tensor + ", expected one of " + tensors);
            }
        });
    }

    /** A graph that calls itself would not end. */
    private void requireNoCycle(int graph, Deque<Integer> callers) {
        if (callers.contains(graph)) {
            throw file.refused("graph " + graph + " calls itself");
        }
        callers.push(graph);
        for (OperatorInfo operator : graphs.get(graph).operators()) {
            for (int slot : calledGraphs(operator.code())) {
                int called = operator.options()
                        .map(it -> it.intAt(slot, 0))
                        .orElseThrow(() -> file.damaged(operator.name() + " names no graph to call"));
                if (called < 0 || called >= graphs.size()) {
                    throw file.damaged(operator.name() + " calls graph " + called + ", there are " + graphs.size());
                }
                requireNoCycle(called, callers);
            }
        }
        callers.pop();
    }

    /** In which fields of an operator's options the graphs stand that it calls. */
    private static int[] calledGraphs(int code) {
        return switch (code) {
            case BuiltinOperator.IF, BuiltinOperator.WHILE, BuiltinOperator.STABLEHLO_WHILE -> new int[] {0, 1};
            case BuiltinOperator.CALL_ONCE -> new int[] {0};
            case BuiltinOperator.STABLEHLO_COMPOSITE -> new int[] {1};
            default -> new int[0];
        };
    }
}
