package dev.kitchen.onnx.operator;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.ModelLoadException;
import dev.kitchen.onnx.graph.ModelGraph;
import dev.kitchen.onnx.graph.Node;
import dev.kitchen.onnx.graph.ValueInfo;
import dev.kitchen.tensor.NamedValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Refuses requests with which an operator of the model would end the process. Safe for use by many threads; makes no
 * objects for inputs that it accepts.
 */
public final class OperatorChecks {

    private final NodeCheck[] nodes;
    private final Demand[] demands;
    private final ValueCheck[] values;

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
        Set<String> requestInputs = requestInputs(model);
        Origins origins = new Origins(model, requestInputs);
        Demands demands = new Demands(model, origins);
        ShapeSources sources = ShapeSources.ofRequests(model.scope(), requestInputs);
        model.forEachScope(scope -> {
            for (Node node : scope.graph().nodes()) {
                List<ShapeRule> rules = ShapeRules.of(node);
                if (!rules.isEmpty()) {
                    NodeCheck check = new NodeCheck(node, rules, sources.ofInputs(scope, node));
                    if (check.dependsOnRequest()) {
                        nodes.add(check);
                    }
                    demands.add(scope, node, rules, sources);
                }
                values.addAll(ValueCheck.of(scope, node, sources, origins, maxElements));
            }
        });
        return new OperatorChecks(nodes, demands.all(), values);
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
                NodeRefusals.requireLoadable(
                        scope, node, sources, model.opsets().getOrDefault("", 0L));
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
            demand.check(inputs);
        }
        for (ValueCheck value : values) {
            value.check(inputs);
        }
    }
}
