package dev.kitchen.onnx.operator;

import dev.kitchen.onnx.graph.ElementType;
import dev.kitchen.onnx.graph.Graph;
import dev.kitchen.onnx.graph.LocalFunction;
import dev.kitchen.onnx.graph.ModelGraph;
import dev.kitchen.onnx.graph.Node;
import dev.kitchen.onnx.graph.Scope;
import dev.kitchen.onnx.graph.TensorInfo;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Where values of a model come from, across the borders of nested graphs and of functions. Not thread-safe. */
final class Origins {

    /** The most steps that a search takes. */
    static final int MOST_STEPS = 100_000;

    private static final int MOST_TYPE_STEPS = 64;

    private static final Set<String> BOOLEAN = Set.of(
            "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "And", "Or", "Xor", "Not", "IsNaN", "IsInf");

    private static final Set<String> POSITIONS =
            Set.of("Shape", "Size", "ArgMax", "ArgMin", "NonZero", "NonMaxSuppression", "SequenceLength");

    private final ModelGraph model;
    private final Set<String> requestInputs;
    private final IdentityHashMap<List<Node>, List<Call>> calls = new IdentityHashMap<>();

    /** A value, with the graph that has its name. */
    record Value(Scope scope, String name) {

        /** Returns the tensor that it is in every run. */
        Optional<TensorInfo> constant() {
            return scope.constant(name);
        }

        Optional<Node> producer() {
            return scope.producer(name);
        }
    }

    private record Call(Scope scope, Node node) {}

    Origins(ModelGraph model, Set<String> requestInputs) {
        this.model = model;
        this.requestInputs = requestInputs;
        if (!model.functions().isEmpty()) {
            model.forEachScope(scope -> scope.graph().nodes().forEach(node -> addCall(scope, node)));
        }
    }

    private void addCall(Scope scope, Node node) {
        for (LocalFunction function : model.functions()) {
            if (function.isCalledBy(node)) {
                calls.computeIfAbsent(function.nodes(), nodes -> new ArrayList<>())
                        .add(new Call(scope, node));
            }
        }
    }

    /** Returns the model's inputs that come with requests. */
    Set<String> requestInputs() {
        return requestInputs;
    }

    /** Returns the values that these names mean in a graph; names of nothing are left out. */
    List<Value> values(Scope scope, List<String> names) {
        return names.stream()
                .filter(name -> !name.isEmpty())
                .flatMap(name -> scope.owner(name).map(owner -> new Value(owner, name)).stream())
                .toList();
    }

    @SuppressWarnings("ReferenceEquality") // two nested graphs may be equal, and still have other names around them
    boolean isRequestInput(Value value) {
        return value.scope().graph() == model.main()
                && requestInputs.contains(value.name())
                && value.producer().isEmpty();
    }

    /** Returns what an input of a nested graph or of a function may be. */
    List<Value> arguments(Value input) {
        Scope scope = input.scope();
        int index = index(scope.graph(), input.name());
        if (index < 0) {
            return List.of();
        }
        Optional<Scope> outer = scope.outer();
        if (outer.isEmpty()) {
            return calls.getOrDefault(scope.graph().nodes(), List.of()).stream()
                    .flatMap(call -> values(call.scope(), List.of(call.node().input(index))).stream())
                    .toList();
        }
        // the outputs of the body are its inputs in the next round
        List<Value> all = new ArrayList<>(results(scope));
        scope.host().ifPresent(host -> all.addAll(values(outer.get(), arguments(host, index))));
        return all;
    }

    private static List<String> arguments(Node host, int index) {
        boolean inOrder = host.is("Loop")
                || host.subgraphs().get(0).inputs().size() == host.inputs().size();
        return inOrder ? List.of(host.input(index)) : host.inputs();
    }

    private static int index(Graph graph, String input) {
        for (int i = 0; i < graph.inputs().size(); i++) {
            if (graph.inputs().get(i).name().equals(input)) {
                return i;
            }
        }
        return -1;
    }

    /** Returns the outputs of a nested graph. */
    List<Value> results(Scope scope) {
        return values(
                scope,
                scope.graph().outputs().stream().map(output -> output.name()).toList());
    }

    /** Returns the type of a value's elements; UNDEFINED where the file does not tell. */
    ElementType type(Scope from, String name) {
        List<Value> next = values(from, List.of(name));
        for (int steps = 0; steps < MOST_TYPE_STEPS && !next.isEmpty(); steps++) {
            Value value = next.get(0);
            ElementType declared = value.scope()
                    .declaration(value.name())
                    .map(info -> info.elementType())
                    .filter(type -> type != ElementType.UNDEFINED)
                    .or(() -> value.constant().map(TensorInfo::type))
                    .orElse(ElementType.UNDEFINED);
            Node node = value.producer().orElse(null);
            if (declared != ElementType.UNDEFINED) {
                return declared;
            }
            if (node != null && hasOwnType(node)) {
                return ownType(node);
            }
            next = node == null ? arguments(value) : values(value.scope(), List.of(typedInput(node)));
        }
        return ElementType.UNDEFINED;
    }

    private static boolean hasOwnType(Node node) {
        return !node.domain().isEmpty()
                || !node.subgraphs().isEmpty()
                || node.is("Cast")
                || node.is("ConstantOfShape")
                || BOOLEAN.contains(node.operator())
                || POSITIONS.contains(node.operator());
    }

    private static ElementType ownType(Node node) {
        if (!node.domain().isEmpty()) {
            return ElementType.UNDEFINED;
        }
        if (node.is("ConstantOfShape")) {
            return node.attribute("value")
                    .flatMap(attribute -> attribute.tensor())
                    .map(TensorInfo::type)
                    .orElse(ElementType.FLOAT);
        }
        if (BOOLEAN.contains(node.operator())) {
            return ElementType.BOOL;
        }
        return POSITIONS.contains(node.operator()) ? ElementType.INT64 : ElementType.of(node.integer("to", 0));
    }

    private static String typedInput(Node node) {
        return switch (node.operator()) {
            case "Where", "CastLike", "DequantizeLinear" -> node.input(1);
            case "OneHot" -> node.input(2);
            case "Constant", "QuantizeLinear", "RandomNormal", "RandomUniform", "EyeLike", "Multinomial" -> "";
            default -> node.input(0);
        };
    }
}
