package dev.kitchen.onnx.operator;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.ModelLoadException;
import dev.kitchen.onnx.graph.ModelGraph;
import dev.kitchen.onnx.graph.Node;
import dev.kitchen.onnx.graph.Scope;
import dev.kitchen.onnx.graph.ValueInfo;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Refuses requests with which an operator of the model would end the process. Safe for use by many threads; makes no
 * objects for inputs that it accepts.
 */
public final class OperatorChecks {

    private final NodeCheck[] nodes;
    private final Demand[] demands;
    private final ValueCheck[] values;

    /**
     * What is demanded of an input of the model that reaches an operator in ways that are not followed.
     *
     * @param emptyEnds whether the process would end if the operator got a tensor without elements
     */
    private record Demand(String input, String place, boolean emptyEnds) {}

    private OperatorChecks(List<NodeCheck> nodes, List<Demand> demands, List<ValueCheck> values) {
        this.nodes = nodes.toArray(NodeCheck[]::new);
        this.demands = demands.toArray(Demand[]::new);
        this.values = values.toArray(ValueCheck[]::new);
    }

    /**
     * Finds the nodes of a model that need a check.
     *
     * @param maxElements the most elements that a node may make of sizes that come with a request
     */
    public static OperatorChecks of(ModelGraph model, long maxElements) {
        List<NodeCheck> nodes = new ArrayList<>();
        List<ValueCheck> values = new ArrayList<>();
        Map<String, Demand> notEmpty = new LinkedHashMap<>();
        Map<String, Demand> notScalar = new LinkedHashMap<>();
        ShapeSources sources = ShapeSources.ofRequests(model.scope(), requestInputs(model));
        model.forEachScope(scope -> {
            for (Node node : scope.graph().nodes()) {
                List<ShapeRule> rules = ShapeRules.of(node);
                if (!rules.isEmpty()) {
                    NodeCheck check = new NodeCheck(node, rules, sources.ofInputs(scope, node));
                    if (check.dependsOnRequest()) {
                        nodes.add(check);
                    }
                    addDemands(scope, node, rules, sources, notEmpty, notScalar);
                }
                values.addAll(ValueCheck.of(scope, node, sources, maxElements));
            }
        });
        removeDeclared(model, notEmpty, notScalar);
        List<Demand> demands = new ArrayList<>(notEmpty.values());
        demands.addAll(notScalar.values());
        return new OperatorChecks(nodes, demands, values);
    }

    /**
     * Looks for nodes that would end the process whatever a request brings.
     *
     * @throws ModelLoadException if there is one
     */
    public static void requireLoadable(ModelGraph model) {
        ShapeSources sources = ShapeSources.ofDeclarations(model.scope(), requestInputs(model));
        model.forEachScope(scope -> {
            for (Node node : scope.graph().nodes()) {
                List<ShapeRule> rules = ShapeRules.of(node);
                if (!rules.isEmpty()) {
                    new NodeCheck(node, rules, sources.ofInputs(scope, node)).requireLoadable();
                }
                NodeRefusals.requireLoadable(scope, node, sources);
            }
        });
    }

    private static Set<String> requestInputs(ModelGraph model) {
        boolean overridable = model.hasOverridableInitializers();
        return model.main().inputs().stream()
                .map(ValueInfo::name)
                .filter(name -> overridable || !model.main().initializers().containsKey(name))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static void addDemands(
            Scope scope,
            Node node,
            List<ShapeRule> rules,
            ShapeSources sources,
            Map<String, Demand> notEmpty,
            Map<String, Demand> notScalar) {
        for (int i = 0; i < node.inputs().size(); i++) {
            String input = node.inputs().get(i);
            if (input.isEmpty() || sources.of(scope, input).isKnown()) {
                continue;
            }
            List<ShapePattern> patterns = patterns(rules, node, i);
            boolean refusesEmpty = patterns.stream().allMatch(ShapePattern::refusesEmpty);
            boolean refusesScalar = patterns.stream().allMatch(ShapePattern::refusesScalar);
            if (refusesEmpty || refusesScalar) {
                boolean sizes = rules.stream().noneMatch(ShapeRule::shapesOnly);
                for (String name : sources.upstream(scope, input, sizes)) {
                    if (refusesEmpty) {
                        notEmpty.putIfAbsent(name, new Demand(name, NodeCheck.place(node), true));
                    }
                    if (refusesScalar) {
                        notScalar.putIfAbsent(name, new Demand(name, NodeCheck.place(node), false));
                    }
                }
            }
        }
    }

    private static List<ShapePattern> patterns(List<ShapeRule> rules, Node node, int input) {
        return rules.stream().map(rule -> rule.pattern(node, input)).toList();
    }

    /** Removes demands that the declared shape of an input already ensures: the signature is checked before. */
    private static void removeDeclared(ModelGraph model, Map<String, Demand> notEmpty, Map<String, Demand> notScalar) {
        for (ValueInfo input : model.main().inputs()) {
            input.dimensions().ifPresent(dimensions -> {
                notScalar.remove(input.name());
                if (dimensions.stream().allMatch(dimension -> dimension.size() > 0)) {
                    notEmpty.remove(input.name());
                }
            });
        }
    }

    /** Returns whether no request can be refused. */
    public boolean isEmpty() {
        return nodes.length == 0 && demands.length == 0 && values.length == 0;
    }

    /** Returns whether the answer depends on more than the shapes of the inputs. */
    public boolean readsValues() {
        return values.length > 0;
    }

    /**
     * Accepts a request, or throws.
     *
     * @throws InvalidRequestException naming the operator, its node, the input, what it is, and what is expected
     */
    public void check(NamedValues inputs) {
        for (NodeCheck node : nodes) {
            node.check(inputs);
        }
        for (Demand demand : demands) {
            check(demand, NodeShapes.shape(inputs, demand.input()));
        }
        for (ValueCheck value : values) {
            value.check(inputs);
        }
    }

    private static void check(Demand demand, @Nullable Shape shape) {
        if (shape != null && (demand.emptyEnds() ? isEmpty(shape) : shape.rank() == 0)) {
            throw new InvalidRequestException("input '" + demand.input() + "' has shape " + shape
                    + ", expected at least "
                    + (demand.emptyEnds() ? "one element" : "one dimension") + ", because it reaches " + demand.place()
                    + ", which ends the process of ONNX Runtime when it gets such a tensor");
        }
    }

    private static boolean isEmpty(Shape shape) {
        for (int i = 0; i < shape.rank(); i++) {
            if (shape.dimension(i) == 0) {
                return true;
            }
        }
        return false;
    }
}
