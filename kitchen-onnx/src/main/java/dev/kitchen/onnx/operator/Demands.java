package dev.kitchen.onnx.operator;

import dev.kitchen.onnx.graph.Dimension;
import dev.kitchen.onnx.graph.ModelGraph;
import dev.kitchen.onnx.graph.Node;
import dev.kitchen.onnx.graph.Scope;
import dev.kitchen.onnx.graph.ValueInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds what nodes with rules demand of the model's inputs, where an input's shape is not simply known. */
final class Demands {

    private final ModelGraph model;
    private final Origins origins;
    private final Map<Emptiness.Need, Demand> notEmpty = new LinkedHashMap<>();
    private final Map<String, Demand> notScalar = new LinkedHashMap<>();

    Demands(ModelGraph model, Origins origins) {
        this.model = model;
        this.origins = origins;
    }

    void add(Scope scope, Node node, List<ShapeRule> rules, ShapeSources sources) {
        boolean sizes = rules.stream().noneMatch(ShapeRule::shapesOnly);
        for (int i = 0; i < node.inputs().size(); i++) {
            String input = node.inputs().get(i);
            if (input.isEmpty() || sources.of(scope, input).isKnown()) {
                continue;
            }
            List<ShapePattern> patterns = patterns(rules, node, i);
            if (patterns.stream().allMatch(ShapePattern::refusesEmpty)) {
                Emptiness.of(origins, scope, input, sizes)
                        .forEach(need -> notEmpty.putIfAbsent(need, new Demand(need, NodeCheck.place(node), true)));
            }
            if (patterns.stream().allMatch(ShapePattern::refusesScalar)) {
                Emptiness.anything(origins, scope, input, sizes)
                        .forEach(need ->
                                notScalar.putIfAbsent(need.input(), new Demand(need, NodeCheck.place(node), false)));
            }
        }
    }

    private static List<ShapePattern> patterns(List<ShapeRule> rules, Node node, int input) {
        return rules.stream().map(rule -> rule.pattern(node, input)).toList();
    }

    /** Returns all demands but those that the declared shape of an input ensures: the signature is checked before. */
    List<Demand> all() {
        for (ValueInfo input : model.main().inputs()) {
            input.dimensions().ifPresent(dimensions -> {
                notScalar.remove(input.name());
                notEmpty.keySet().removeIf(need -> need.input().equals(input.name()) && isEnsured(need, dimensions));
            });
        }
        List<Demand> demands = new ArrayList<>(notEmpty.values());
        demands.addAll(notScalar.values());
        return demands;
    }

    private static boolean isEnsured(Emptiness.Need need, List<Dimension> dimensions) {
        for (int i = 0; i < dimensions.size(); i++) {
            if (dimensions.get(i).size() <= 0 && !need.ignores(i)) {
                return false;
            }
        }
        return true;
    }
}
