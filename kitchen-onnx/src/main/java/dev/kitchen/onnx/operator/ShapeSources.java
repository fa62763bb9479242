package dev.kitchen.onnx.operator;

import dev.kitchen.onnx.graph.Graph;
import dev.kitchen.onnx.graph.Node;
import dev.kitchen.onnx.graph.Scope;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Follows values of a graph back to the model's inputs. */
final class ShapeSources {

    /** Operators whose output has the shape of their first input. */
    private static final Set<String> KEEP_SHAPE = Set.of(
            "Abs",
            "Cast",
            "Ceil",
            "Clip",
            "Elu",
            "Erf",
            "Exp",
            "Floor",
            "HardSigmoid",
            "HardSwish",
            "Identity",
            "LeakyRelu",
            "Log",
            "LogSoftmax",
            "Neg",
            "Not",
            "Reciprocal",
            "Relu",
            "Round",
            "Selu",
            "Sigmoid",
            "Sign",
            "Softmax",
            "Softplus",
            "Softsign",
            "Sqrt",
            "Tanh",
            "ThresholdedRelu",
            "QuantizeLinear",
            "DequantizeLinear");

    private final Scope main;
    private final Set<String> requestInputs;

    ShapeSources(Scope main, Set<String> requestInputs) {
        this.main = main;
        this.requestInputs = requestInputs;
    }

    /** Returns where the shapes of a node's inputs come from. */
    List<ShapeSource> ofInputs(Scope scope, Node node) {
        return node.inputs().stream()
                .map(name -> name.isEmpty() ? ShapeSource.UNKNOWN : of(scope, name))
                .toList();
    }

    /** Returns where the shape of the value comes from. */
    ShapeSource of(Scope scope, String value) {
        String name = value;
        for (int steps = 0; steps < 64; steps++) {
            Optional<Scope> owner = scope.owner(name);
            if (owner.isEmpty()) {
                return ShapeSource.UNKNOWN;
            }
            var constant = scope.constant(name);
            if (constant.isPresent()) {
                return new ShapeSource(null, constant.get().dimensions());
            }
            Optional<Node> producer = scope.producer(name);
            if (producer.isEmpty()) {
                return isMain(owner.get()) && requestInputs.contains(name)
                        ? new ShapeSource(name, null)
                        : ShapeSource.UNKNOWN;
            }
            Node node = producer.get();
            if (!node.domain().isEmpty() || !KEEP_SHAPE.contains(node.operator()) || !isMain(owner.get())) {
                return ShapeSource.UNKNOWN;
            }
            name = node.input(0);
        }
        return ShapeSource.UNKNOWN;
    }

    /** Returns whether the value, as a graph names it, is an input of the model. */
    boolean isRequestInput(Scope scope, String name) {
        return requestInputs.contains(name)
                && scope.owner(name).filter(this::isMain).isPresent()
                && scope.producer(name).isEmpty();
    }

    @SuppressWarnings("ReferenceEquality") // two nested graphs may be equal, and still have other names around them
    private boolean isMain(Scope scope) {
        return scope.graph() == main.graph();
    }

    /** Returns the model's inputs on which the value depends; all of them where it lies in a nested graph. */
    Set<String> upstream(Scope scope, String value) {
        if (!isMain(scope)) {
            return requestInputs;
        }
        Set<String> found = new LinkedHashSet<>();
        Set<String> seen = new HashSet<>();
        Deque<String> waiting = new ArrayDeque<>();
        waiting.add(value);
        for (String name = waiting.poll(); name != null; name = waiting.poll()) {
            if (name.isEmpty() || !seen.add(name)) {
                continue;
            }
            if (requestInputs.contains(name)) {
                found.add(name);
            }
            Optional<Node> producer = main.producer(name);
            if (producer.isPresent()) {
                waiting.addAll(producer.get().inputs());
                for (Graph subgraph : producer.get().subgraphs()) {
                    addNames(subgraph, waiting);
                }
            }
        }
        return found;
    }

    /** A nested graph takes values of the graphs around it by their names. */
    private static void addNames(Graph graph, Deque<String> names) {
        for (Node node : graph.nodes()) {
            names.addAll(node.inputs());
            node.subgraphs().forEach(subgraph -> addNames(subgraph, names));
        }
        graph.outputs().forEach(output -> names.add(output.name()));
    }
}
