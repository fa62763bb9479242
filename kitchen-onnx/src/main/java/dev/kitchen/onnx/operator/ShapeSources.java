package dev.kitchen.onnx.operator;

import dev.kitchen.onnx.graph.Dimension;
import dev.kitchen.onnx.graph.Graph;
import dev.kitchen.onnx.graph.Node;
import dev.kitchen.onnx.graph.Scope;
import dev.kitchen.onnx.graph.ValueInfo;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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

    /** Operators whose further inputs are caches, masks and lengths: the output has elements if the first three have. */
    private static final Set<String> ATTENTION = Set.of(
            "Attention",
            "com.microsoft.Attention",
            "com.microsoft.MultiHeadAttention",
            "com.microsoft.GroupQueryAttention",
            "com.microsoft.DecoderMaskedMultiHeadAttention",
            "com.microsoft.PagedAttention",
            "com.microsoft.SparseAttention");

    private final Scope main;
    private final Set<String> requestInputs;
    private final boolean declared;

    private ShapeSources(Scope main, Set<String> requestInputs, boolean declared) {
        this.main = main;
        this.requestInputs = requestInputs;
        this.declared = declared;
    }

    /** The shapes that come with requests. */
    static ShapeSources ofRequests(Scope main, Set<String> requestInputs) {
        return new ShapeSources(main, requestInputs, false);
    }

    /** The shapes that the model declares of its inputs, before there is a request. */
    static ShapeSources ofDeclarations(Scope main, Set<String> requestInputs) {
        return new ShapeSources(main, requestInputs, true);
    }

    /** Returns where the shapes of a node's inputs come from. */
    List<ShapeSource> ofInputs(Scope scope, Node node) {
        List<String> inputs = node.is("ConcatFromSequence") ? SequenceElements.of(scope, node.input(0)) : node.inputs();
        return inputs.stream()
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
                        ? new ShapeSource(name, declared ? declaration(name) : null)
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

    private @Nullable List<Long> declaration(String input) {
        return main.declaration(input)
                .flatMap(ValueInfo::dimensions)
                .map(dimensions -> dimensions.stream().map(Dimension::size).toList())
                .orElse(null);
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

    /** Returns the node of the main graph in whose nested graphs the scope is, or nothing for the main graph itself. */
    private Optional<Node> outermost(Scope scope) {
        return main.graph().nodes().stream()
                .filter(node -> node.subgraphs().stream().anyMatch(graph -> contains(graph, scope.graph())))
                .findFirst();
    }

    @SuppressWarnings("ReferenceEquality") // nested graphs may be equal, and still have other names around them
    private static boolean contains(Graph graph, Graph wanted) {
        return graph == wanted
                || graph.nodes().stream()
                        .flatMap(node -> node.subgraphs().stream())
                        .anyMatch(nested -> contains(nested, wanted));
    }

    /**
     * Returns the model's inputs that have to have elements for the value to have some, as far as that is known; for a
     * value in a nested graph all on which the node with that graph depends.
     *
     * @param sizes whether inputs count of which only sizes get to the value
     */
    Set<String> upstream(Scope scope, String value, boolean sizes) {
        Set<String> found = new LinkedHashSet<>();
        Set<String> seen = new HashSet<>();
        Deque<String> waiting = new ArrayDeque<>();
        if (isMain(scope)) {
            waiting.add(value);
        } else {
            outermost(scope).ifPresentOrElse(node -> addAll(node, waiting), () -> waiting.addAll(requestInputs));
        }
        for (String name = waiting.poll(); name != null; name = waiting.poll()) {
            if (name.isEmpty() || !seen.add(name)) {
                continue;
            }
            if (requestInputs.contains(name)) {
                found.add(name);
            }
            main.producer(name).ifPresent(node -> addInputs(node, sizes, waiting));
        }
        return found;
    }

    /** Adds those inputs of a node that have to have elements for its outputs to have some. */
    private void addInputs(Node node, boolean sizes, Deque<String> names) {
        if (sizes) {
            addAll(node, names);
        } else if (node.is("Concat")) {
            if (node.inputs().stream().noneMatch(this::isConstantWithElements)) {
                names.add(node.input(node.inputs().size() - 1));
            }
        } else if (ATTENTION.contains(node.qualifiedOperator())) {
            names.addAll(node.inputs().subList(0, Math.min(3, node.inputs().size())));
        } else if (!node.is("Shape") && !node.is("Size")) {
            addAll(node, names);
        }
    }

    private boolean isConstantWithElements(String name) {
        return main.constant(name)
                .filter(constant -> constant.elementCount() > 0)
                .isPresent();
    }

    /** A nested graph takes values of the graphs around it by their names. */
    private static void addAll(Node node, Deque<String> names) {
        names.addAll(node.inputs());
        node.subgraphs().forEach(subgraph -> addNames(subgraph, names));
    }

    private static void addNames(Graph graph, Deque<String> names) {
        graph.nodes().forEach(node -> addAll(node, names));
        graph.outputs().forEach(output -> names.add(output.name()));
    }
}
