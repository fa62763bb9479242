package dev.kitchen.onnx.operator;

import dev.kitchen.onnx.graph.Node;
import dev.kitchen.onnx.graph.Scope;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Follows a sequence back to the tensors that were put into it. */
final class SequenceElements {

    private SequenceElements() {}

    /** Returns the names of the tensors, as far as they are known. */
    static List<String> of(Scope scope, String sequence) {
        List<String> tensors = new ArrayList<>();
        Deque<String> waiting = new ArrayDeque<>(List.of(sequence));
        Set<String> seen = new HashSet<>();
        for (String name = waiting.poll(); name != null; name = waiting.poll()) {
            if (!name.isEmpty() && seen.add(name)) {
                scope.producer(name).ifPresent(node -> follow(node, tensors, waiting));
            }
        }
        return tensors;
    }

    private static void follow(Node node, List<String> tensors, Deque<String> sequences) {
        if (node.is("SequenceConstruct")) {
            tensors.addAll(node.inputs());
        } else if (node.is("SequenceInsert")) {
            tensors.add(node.input(1));
            sequences.add(node.input(0));
        } else if (node.is("SequenceErase") || node.is("Identity")) {
            sequences.add(node.input(0));
        }
    }
}
