package dev.kitchen.onnx.rows;

import dev.kitchen.onnx.graph.Dimension;
import dev.kitchen.onnx.graph.Graph;
import dev.kitchen.onnx.graph.LocalFunction;
import dev.kitchen.onnx.graph.ModelGraph;
import dev.kitchen.onnx.graph.Node;
import dev.kitchen.onnx.graph.Scope;
import dev.kitchen.onnx.graph.TensorInfo;
import dev.kitchen.onnx.graph.ValueInfo;
import dev.kitchen.spi.RowDependence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Follows the rows of a model's inputs through its graph, node by node. What it calls independent is certain; what it does
 * not understand is unknown.
 */
public final class RowAnalysis {

    /** How often nodes are gone through that stand before those whose outputs they take. */
    private static final int MAX_PASSES = 64;

    private static final List<String> OWN_DOMAINS = List.of("", "ai.onnx", "ai.onnx.ml", "com.microsoft");

    /** Operators that do not compute the same from the same inputs. */
    private static final List<String> RANDOM = List.of(
            "Bernoulli",
            "Dropout",
            "Multinomial",
            "RandomNormal",
            "RandomNormalLike",
            "RandomUniform",
            "RandomUniformLike");

    /** Operators whose rule looks at each input that is a shape, a position or a length. */
    private static final Set<String> TAKES_SHAPES = Set.of("Reshape", "Expand", "Slice", "Tile", "Resize", "Upsample");

    /** How deep functions that call functions are followed. */
    private static final int MAX_DEPTH = 16;

    private static final Map<String, Rule> RULES = rules();

    private final ModelGraph model;
    private final Scope scope;
    private final Map<String, Long> opsets;
    /** How many calls of functions this is inside of. */
    private final int depth;

    private final Map<String, RowValue> values = new HashMap<>();

    private RowAnalysis(ModelGraph model, Scope scope, Map<String, Long> opsets, int depth) {
        this.model = model;
        this.scope = scope;
        this.opsets = opsets;
        this.depth = depth;
    }

    private static Map<String, Rule> rules() {
        Map<String, Rule> rules = new HashMap<>();
        ElementRules.addTo(rules);
        ShapeRules.addTo(rules);
        AxisRules.addTo(rules);
        LayoutRules.addTo(rules);
        SelectionRules.addTo(rules);
        MatrixRules.addTo(rules);
        ImageRules.addTo(rules);
        RecurrentRules.addTo(rules);
        TreeRules.addTo(rules);
        QuantizationRules.addTo(rules);
        rules.put("Einsum", EinsumRule::apply);
        return Map.copyOf(rules);
    }

    /** Returns what the structure of the model says about its rows, on the first axis of its inputs and outputs. */
    public static RowDependence of(ModelGraph model) {
        return new RowAnalysis(model, model.scope(), model.opsets(), 0).analyse();
    }

    private RowDependence analyse() {
        Graph graph = scope.graph();
        for (ValueInfo input : graph.inputs()) {
            if (scope.constant(input.name()).isEmpty()) {
                values.put(input.name(), input(input));
            }
        }
        followAll(graph.nodes());
        RowDependence result = RowDependence.independent();
        for (ValueInfo output : graph.outputs()) {
            RowDependence own = output(output.name());
            if (own.kind() == RowDependence.Kind.MIXES) {
                return own;
            }
            result = own.kind() == RowDependence.Kind.UNKNOWN ? own : result;
        }
        return result;
    }

    private RowValue input(ValueInfo input) {
        Optional<List<Dimension>> dimensions = input.dimensions();
        if (scope.graph().initializers().containsKey(input.name())) {
            return RowValue.unknown("input '" + input.name() + "' has a default");
        }
        if (dimensions.isEmpty()
                || dimensions.get().isEmpty()
                || dimensions.get().get(0).isFixed()) {
            return RowValue.unknown("input '" + input.name() + "' has no dynamic first dimension");
        }
        List<Size> shape = new ArrayList<>(List.of(Size.ROWS));
        for (Dimension dimension : dimensions.get().subList(1, dimensions.get().size())) {
            shape.add(dimension.isFixed() ? Size.of(dimension.size()) : Size.unknown());
        }
        return RowValue.rows(0, shape);
    }

    private RowDependence output(String name) {
        RowValue value = value(name);
        String output = "output '" + name + "' ";
        return switch (value.kind()) {
            case MIXED -> RowDependence.mixes(value.reason());
            case UNKNOWN -> RowDependence.unknown(value.reason());
            case COUNT -> RowDependence.mixes(output + "depends on the number of rows");
            case FREE -> RowDependence.unknown(output + "does not depend on the rows");
            case ROWS ->
                value.axis() == 0 && value.knownShape().get(0).equals(Size.ROWS)
                        ? RowDependence.independent()
                        : RowDependence.unknown(output + "has its rows not on the first axis, or several for each");
        };
    }

    private RowValue value(String name) {
        RowValue known = values.get(name);
        return known != null
                ? known
                : scope.constant(name)
                        .map(RowAnalysis::constant)
                        .orElseGet(() -> RowValue.unknown("value '" + name + "' comes from nowhere"));
    }

    private static RowValue constant(TensorInfo tensor) {
        List<Size> shape = tensor.dimensions().stream().map(Size::of).toList();
        boolean numbers = shape.size() <= 1
                && tensor.elementCount() <= RowValue.MAX_ELEMENTS
                && tensor.values().isPresent()
                && tensor.values().get().integers().length == tensor.elementCount();
        if (!numbers) {
            return RowValue.free(shape);
        }
        List<Size> elements = new ArrayList<>();
        for (long number : tensor.values().get().integers()) {
            elements.add(Size.of(number));
        }
        return RowValue.numbers(shape, elements);
    }

    /** Nodes mostly stand after those whose outputs they take, but need not. */
    private void followAll(List<Node> nodes) {
        List<Node> waiting = nodes;
        for (int pass = 0; pass < MAX_PASSES && !waiting.isEmpty(); pass++) {
            List<Node> notYet = new ArrayList<>();
            for (Node node : waiting) {
                if (node.inputs().stream().allMatch(this::isKnown)) {
                    follow(node);
                } else {
                    notYet.add(node);
                }
            }
            waiting = notYet;
        }
        waiting.forEach(this::follow);
    }

    private boolean isKnown(String name) {
        return name.isEmpty()
                || values.containsKey(name)
                || scope.constant(name).isPresent();
    }

    private void follow(Node node) {
        List<RowValue> outputs = outputs(node);
        for (int i = 0; i < node.outputs().size(); i++) {
            String output = node.outputs().get(i);
            if (!output.isEmpty() && scope.constant(output).isEmpty()) {
                values.put(
                        output,
                        i < outputs.size() ? outputs.get(i) : RowValue.unknown(text(node) + " has more outputs"));
            }
        }
    }

    private List<RowValue> outputs(Node node) {
        List<RowValue> inputs = node.inputs().stream()
                .map(name -> name.isEmpty() ? RowValue.free() : value(name))
                .toList();
        Optional<RowValue> spoiled = inputs.stream()
                .filter(value -> value.kind() == RowValue.Kind.MIXED)
                .findFirst()
                .or(() -> inputs.stream()
                        .filter(value -> value.kind() == RowValue.Kind.UNKNOWN)
                        .findFirst());
        if (spoiled.isPresent()) {
            return same(node, spoiled.get());
        }
        boolean free = inputs.stream().allMatch(RowValue::isFree) && isPure(node);
        try {
            Optional<LocalFunction> function = function(node);
            return function.isPresent()
                    ? call(function.get(), node, inputs)
                    : applied(node, new Step(node, opset(node), inputs, scope));
        } catch (RowsException e) {
            return same(node, free ? RowValue.free() : e.valueOf(text(node)));
        } catch (RuntimeException e) {
            // The graph is not what the rules take for granted; ONNX Runtime will say so.
            return same(node, RowValue.unknown(text(node) + " is not understood: " + e));
        }
    }

    private static List<RowValue> applied(Node node, Step step) {
        List<RowValue> outputs = rule(node).apply(step);
        boolean counts = step.inputs().stream().anyMatch(value -> value.kind() == RowValue.Kind.COUNT);
        if (counts
                && !TAKES_SHAPES.contains(node.operator())
                && outputs.stream().anyMatch(RowValue::hasRows)) {
            throw RowsException.unknown("computes with the number of rows");
        }
        return outputs;
    }

    /** What a function makes of these inputs: its nodes are followed like those of the graph that calls it. */
    private List<RowValue> call(LocalFunction function, Node call, List<RowValue> inputs) {
        if (depth == MAX_DEPTH) {
            throw RowsException.unknown("calls functions inside functions");
        }
        FunctionCall body = new FunctionCall(function, call);
        RowAnalysis inner = new RowAnalysis(model, body.scope(), function.opsets(), depth + 1);
        for (int i = 0; i < function.inputs().size(); i++) {
            inner.values.put(function.inputs().get(i), i < inputs.size() ? inputs.get(i) : RowValue.free());
        }
        inner.followAll(body.nodes());
        return function.outputs().stream().map(inner::value).toList();
    }

    private Optional<LocalFunction> function(Node node) {
        return model.functions().stream()
                .filter(function -> function.isCalledBy(node))
                .findFirst();
    }

    private static List<RowValue> same(Node node, RowValue value) {
        return node.outputs().stream().map(output -> value).toList();
    }

    private boolean isPure(Node node) {
        return OWN_DOMAINS.contains(node.domain())
                && !RANDOM.contains(node.operator())
                && node.subgraphs().isEmpty()
                && function(node).isEmpty();
    }

    private static Rule rule(Node node) {
        String name = node.domain().equals("ai.onnx") ? node.operator() : node.qualifiedOperator();
        Rule rule = RULES.get(name);
        if (rule == null) {
            throw RowsException.unknown("is not an operator whose effect on rows is known");
        }
        return rule;
    }

    private long opset(Node node) {
        String domain = node.domain().equals("ai.onnx") ? "" : node.domain();
        return opsets.getOrDefault(domain, 1L);
    }

    private static String text(Node node) {
        String name = node.name().isEmpty() && !node.outputs().isEmpty()
                ? node.outputs().get(0)
                : node.name();
        return "node '" + name + "' (" + node.qualifiedOperator() + ")";
    }
}
