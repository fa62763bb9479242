package dev.kitchen.onnx.graph;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The names that a graph's nodes see: those of the graph itself, and those of the graphs around it. An inner name hides
 * an outer one. Not thread-safe.
 */
public final class Scope {

    private final Graph graph;
    private final @Nullable Scope outer;
    private final Map<String, Node> producers = new HashMap<>();
    private final Map<String, ValueInfo> declared = new HashMap<>();
    private final Set<String> inputs = new HashSet<>();
    private final boolean inputsOverride;

    private Scope(Graph graph, @Nullable Scope outer, boolean inputsOverride) {
        this.graph = graph;
        this.outer = outer;
        this.inputsOverride = inputsOverride;
        declared.putAll(graph.values());
        graph.outputs().forEach(value -> declared.put(value.name(), value));
        for (ValueInfo input : graph.inputs()) {
            declared.put(input.name(), input);
            inputs.add(input.name());
        }
        for (Node node : graph.nodes()) {
            node.outputs().forEach(output -> producers.put(output, node));
        }
        producers.remove("");
    }

    static Scope main(ModelGraph model) {
        return new Scope(model.main(), null, model.hasOverridableInitializers());
    }

    /** The nodes of a function as a graph of its own: a function sees no names but its own. */
    public static Scope function(LocalFunction function) {
        return new Scope(
                new Graph(
                        function.name(),
                        values(function.inputs(), function.values()),
                        values(function.outputs(), function.values()),
                        Map.of(),
                        function.values(),
                        function.nodes()),
                null,
                true);
    }

    private static List<ValueInfo> values(List<String> names, Map<String, ValueInfo> types) {
        return names.stream()
                .map(name -> types.getOrDefault(name, new ValueInfo(name, ValueType.UNKNOWN)))
                .toList();
    }

    /** Returns the graph whose nodes see these names. */
    public Graph graph() {
        return graph;
    }

    /** Returns whether this is a graph inside another one. */
    public boolean isNested() {
        return outer != null;
    }

    /** Returns the names around a graph inside another one. */
    public Optional<Scope> outer() {
        return Optional.ofNullable(outer);
    }

    /** Returns the node around a graph inside another one. */
    @SuppressWarnings("ReferenceEquality") // nested graphs may be equal, and still have other names around them
    public Optional<Node> host() {
        return outer().flatMap(around -> around.graph.nodes().stream()
                .filter(node -> node.subgraphs().stream().anyMatch(subgraph -> subgraph == graph))
                .findFirst());
    }

    /** Returns the names that a graph nested in one of this graph's nodes sees. */
    public Scope inner(Graph subgraph) {
        return new Scope(subgraph, this, true);
    }

    /** Returns whether the name is one of this graph itself. */
    private boolean has(String name) {
        return inputs.contains(name) || graph.initializers().containsKey(name) || producers.containsKey(name);
    }

    /** Returns the innermost graph that has the name. */
    public Optional<Scope> owner(String name) {
        for (Scope scope = this; scope != null; scope = scope.outer) {
            if (scope.has(name)) {
                return Optional.of(scope);
            }
        }
        return Optional.empty();
    }

    /** Returns whether the name is an input of the graph it belongs to. */
    public boolean isInput(String name) {
        return owner(name).filter(scope -> scope.inputs.contains(name)).isPresent();
    }

    /** Returns the node that computes the value. */
    public Optional<Node> producer(String name) {
        return owner(name).map(scope -> scope.producers.get(name));
    }

    /** Returns the declared type of the value; of an initializer, the type it has. */
    public Optional<ValueInfo> declaration(String name) {
        return owner(name).map(scope -> scope.declared.get(name));
    }

    /**
     * Returns the tensor that the value is in every run: an initializer that no caller overrides, or what a
     * {@code Constant} node holds.
     */
    public Optional<TensorInfo> constant(String name) {
        return owner(name).flatMap(scope -> scope.ownConstant(name));
    }

    private Optional<TensorInfo> ownConstant(String name) {
        if (inputs.contains(name) && inputsOverride) {
            return Optional.empty();
        }
        TensorInfo initializer = graph.initializers().get(name);
        Node producer = producers.get(name);
        return initializer != null
                ? Optional.of(initializer)
                : Optional.ofNullable(producer).flatMap(Constants::value);
    }

    /** Passes this graph and all that is nested in it. */
    void forEach(Consumer<Scope> visitor) {
        Deque<Scope> waiting = new ArrayDeque<>();
        waiting.add(this);
        for (Scope scope = waiting.poll(); scope != null; scope = waiting.poll()) {
            visitor.accept(scope);
            for (Node node : scope.graph.nodes()) {
                for (Graph subgraph : node.subgraphs()) {
                    waiting.add(scope.inner(subgraph));
                }
            }
        }
    }
}
