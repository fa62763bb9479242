package dev.kitchen.onnx.operator;

import dev.kitchen.onnx.graph.Node;
import dev.kitchen.onnx.graph.Scope;
import dev.kitchen.onnx.graph.TensorInfo;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Follows a value back to the model's inputs that have to have elements for the value to have some. Where that cannot be
 * told, and where sizes are computed, these are all inputs on which the value depends.
 */
final class Emptiness {

    /** Operators that add nothing up but all: their output has no elements only if an input has none. */
    private static final Set<String> ALL_INPUTS = Set.of(
            "Add",
            "Sub",
            "Mul",
            "Div",
            "Mod",
            "Pow",
            "Min",
            "Max",
            "Mean",
            "Sum",
            "Where",
            "Equal",
            "Greater",
            "GreaterOrEqual",
            "Less",
            "LessOrEqual",
            "And",
            "Or",
            "Xor",
            "MatMul",
            "Gemm",
            "Gather",
            "GatherElements",
            "Conv");

    /** Operators whose first input tells whether the output has elements. */
    private static final Set<String> FIRST_INPUT = Set.of(
            "Transpose",
            "Squeeze",
            "Unsqueeze",
            "Flatten",
            "ScatterND",
            "ScatterElements",
            "Scatter",
            "CastLike",
            "Dropout",
            "CumSum",
            "LayerNormalization",
            "BatchNormalization",
            "InstanceNormalization",
            "PRelu",
            "Gelu",
            "Trilu",
            "Hardmax",
            "LpNormalization");

    /** Operators of which a further input names sizes. */
    private static final Set<String> FIRST_INPUT_AND_SIZES =
            Set.of("Reshape", "Expand", "Tile", "Slice", "Pad", "Resize", "Upsample", "Split", "OneHot", "TopK");

    /** Operators whose further inputs are caches, masks and lengths: the output has elements if the first three have. */
    private static final Set<String> ATTENTION = Set.of(
            "Attention",
            "com.microsoft.Attention",
            "com.microsoft.MultiHeadAttention",
            "com.microsoft.GroupQueryAttention",
            "com.microsoft.DecoderMaskedMultiHeadAttention",
            "com.microsoft.PagedAttention",
            "com.microsoft.SparseAttention");

    /** The most operators between an input and a joined part that has its shape. */
    private static final int MOST_KEPT = 64;

    private final Origins origins;
    private final boolean sizes;
    private final Set<Place> seen = new HashSet<>();
    private final Deque<Place> waiting = new ArrayDeque<>();

    /**
     * An input of the model that has to have elements.
     *
     * @param ignored a bit for each dimension that may be 0 nevertheless
     * @param unless inputs of the model that the input is joined to: it may be empty if one of them is not
     */
    record Need(String input, long ignored, Set<String> unless) {

        boolean ignores(int dimension) {
            return dimension < Long.SIZE && (ignored >> dimension & 1) != 0;
        }
    }

    /**
     * A value that is still to be followed.
     *
     * @param everything whether all counts on which it depends
     */
    private record Place(Origins.Value value, long ignored, Set<String> unless, boolean everything) {

        Place to(Origins.Value other) {
            return new Place(other, 0, unless, everything);
        }
    }

    private Emptiness(Origins origins, boolean sizes) {
        this.origins = origins;
        this.sizes = sizes;
    }

    /** Returns the inputs; those too of which only sizes get to the value, if these count. */
    static Set<Need> of(Origins origins, Scope scope, String value, boolean sizes) {
        return new Emptiness(origins, sizes).search(scope, value, false);
    }

    /** Returns all inputs on which a value depends; those of which only sizes get there if these count. */
    static Set<Need> anything(Origins origins, Scope scope, String value, boolean sizes) {
        return new Emptiness(origins, sizes).search(scope, value, sizes);
    }

    private Set<Need> search(Scope scope, String name, boolean everything) {
        Set<Need> needs = new LinkedHashSet<>();
        for (Origins.Value value : origins.values(scope, List.of(name))) {
            waiting.add(new Place(value, 0, Set.of(), everything));
        }
        for (Place place = waiting.poll(); place != null; place = waiting.poll()) {
            if (seen.size() > Origins.MOST_STEPS) {
                return origins.requestInputs().stream()
                        .map(input -> new Need(input, 0, Set.of()))
                        .collect(Collectors.toCollection(LinkedHashSet::new));
            }
            if (seen.add(place)) {
                if (origins.isRequestInput(place.value())) {
                    needs.add(new Need(place.value().name(), place.ignored(), place.unless()));
                } else {
                    follow(place);
                }
            }
        }
        return needs;
    }

    private void follow(Place place) {
        Optional<Node> producer = place.value().producer();
        if (producer.isEmpty()) {
            origins.arguments(place.value()).forEach(value -> waiting.add(place.to(value)));
        } else if (place.everything()) {
            addEverything(place, producer.get(), 0);
        } else {
            follow(place, producer.get());
        }
    }

    private void follow(Place place, Node node) {
        String operator = node.qualifiedOperator();
        if (operator.equals("Shape") || operator.equals("Size")) {
            return;
        }
        if (operator.startsWith("Reduce") || operator.startsWith("Arg")) {
            Reduction.of(place.value().scope(), node, place.ignored())
                    .ifPresent(ignored -> addInput(place, node, 0, ignored));
        } else if (operator.equals("Concat")) {
            followConcat(place, node);
        } else if (ShapeSources.KEEP_SHAPE.contains(operator)) {
            addInput(place, node, 0, place.ignored());
        } else if (operator.equals("Gather")) {
            addInput(place, node, 0, 0);
            addInput(place, node, 1, Reduction.throughGather(place.value().scope(), node, place.ignored()));
        } else if (ATTENTION.contains(operator)) {
            addInputs(place, node, 3);
        } else if (FIRST_INPUT.contains(operator)) {
            addInputs(place, node, 1);
        } else if (FIRST_INPUT_AND_SIZES.contains(operator)) {
            addInputs(place, node, 1);
            if (sizes) {
                addEverything(place, node, 1);
            }
        } else if (operator.equals("If")) {
            int output = node.outputs().indexOf(place.value().name());
            for (var branch : node.subgraphs()) {
                List<Origins.Value> results =
                        origins.results(place.value().scope().inner(branch));
                if (output < results.size()) {
                    waiting.add(place.to(results.get(output)));
                }
            }
        } else if (sizes && !ALL_INPUTS.contains(operator)) {
            addEverything(place, node, 0);
        } else {
            addInputs(place, node, node.inputs().size());
            addNested(place, node);
        }
    }

    /** What is joined has no elements only if all parts have none: one is followed, at best one that is computed. */
    private void followConcat(Place place, Node node) {
        Scope scope = place.value().scope();
        if (node.inputs().stream().anyMatch(name -> isConstantWithElements(scope, name))) {
            return;
        }
        Set<String> others = new HashSet<>(place.unless());
        Origins.Value followed = null;
        boolean isComputed = false;
        for (Origins.Value part : origins.values(scope, node.inputs())) {
            Optional<String> input = inputOfSameShape(part);
            input.ifPresent(others::add);
            if (followed == null || input.isEmpty() || !isComputed) {
                followed = part;
                isComputed = input.isEmpty();
            }
        }
        if (followed != null) {
            inputOfSameShape(followed).ifPresent(others::remove);
            waiting.add(new Place(followed, 0, Set.copyOf(others), false));
        }
    }

    private Optional<String> inputOfSameShape(Origins.Value value) {
        Origins.Value at = value;
        for (int steps = 0; steps < MOST_KEPT; steps++) {
            if (origins.isRequestInput(at)) {
                return Optional.of(at.name());
            }
            Optional<Node> node = at.producer().filter(it -> ShapeSources.KEEP_SHAPE.contains(it.qualifiedOperator()));
            List<Origins.Value> next = node.isEmpty()
                    ? List.of()
                    : origins.values(at.scope(), List.of(node.get().input(0)));
            if (next.isEmpty()) {
                return Optional.empty();
            }
            at = next.get(0);
        }
        return Optional.empty();
    }

    private static boolean isConstantWithElements(Scope scope, String name) {
        Optional<TensorInfo> constant = scope.constant(name);
        return constant.isPresent() && constant.get().elementCount() > 0;
    }

    private void addInputs(Place place, Node node, int count) {
        for (int i = 0; i < Math.min(count, node.inputs().size()); i++) {
            addInput(place, node, i, 0);
        }
    }

    private void addInput(Place place, Node node, int input, long ignored) {
        for (Origins.Value value : origins.values(place.value().scope(), List.of(node.input(input)))) {
            waiting.add(new Place(value, ignored, place.unless(), false));
        }
    }

    private void addEverything(Place place, Node node, int from) {
        List<String> names = node.inputs()
                .subList(Math.min(from, node.inputs().size()), node.inputs().size());
        for (Origins.Value value : origins.values(place.value().scope(), names)) {
            waiting.add(new Place(value, 0, place.unless(), true));
        }
        addNested(new Place(place.value(), 0, place.unless(), true), node);
    }

    private void addNested(Place place, Node node) {
        for (var graph : node.subgraphs()) {
            origins.results(place.value().scope().inner(graph)).forEach(value -> waiting.add(place.to(value)));
        }
    }
}
