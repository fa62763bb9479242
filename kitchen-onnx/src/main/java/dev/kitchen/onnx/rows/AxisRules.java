package dev.kitchen.onnx.rows;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Rules of operators that reduce, normalise or sort along some axes, and keep the others apart. */
final class AxisRules {

    private static final List<String> REDUCTIONS = List.of(
            "ReduceL1",
            "ReduceL2",
            "ReduceLogSum",
            "ReduceLogSumExp",
            "ReduceMax",
            "ReduceMean",
            "ReduceMin",
            "ReduceProd",
            "ReduceSum",
            "ReduceSumSquare");

    private AxisRules() {}

    static void addTo(Map<String, Rule> rules) {
        REDUCTIONS.forEach(operator -> rules.put(operator, AxisRules::reduce));
        for (String operator : List.of("Softmax", "LogSoftmax", "Hardmax")) {
            rules.put(operator, AxisRules::softmax);
        }
        for (String operator : List.of("ArgMax", "ArgMin")) {
            rules.put(operator, AxisRules::argument);
        }
        rules.put("TopK", AxisRules::topK);
        rules.put("CumSum", AxisRules::cumulate);
        rules.put("LpNormalization", step -> along(step, step.integer("axis", -1)));
        rules.put("LayerNormalization", step -> normalizeFrom(step, step.integer("axis", -1)));
        rules.put("RMSNormalization", step -> normalizeFrom(step, step.integer("axis", -1)));
        rules.put("SimplifiedLayerNormalization", step -> normalizeFrom(step, step.integer("axis", -1)));
    }

    private static RowValue requireNoCount(RowValue value) {
        if (value.kind() == RowValue.Kind.COUNT) {
            throw RowsException.unknown("computes with the number of rows");
        }
        return value;
    }

    /** Fails if the axis is that of the rows. */
    static void requireOther(RowValue value, int axis) {
        if (value.axis() == axis) {
            throw RowsException.mixed("computes along the axis of the rows");
        }
    }

    private static List<RowValue> reduce(Step step) {
        RowValue value = requireNoCount(step.input(0));
        List<Size> shape = value.knownShape();
        List<Long> axes = step.integers("axes", 1).orElse(List.of());
        if (axes.isEmpty() && step.integer("noop_with_empty_axes", 0) != 0) {
            return List.of(value);
        }
        List<Integer> reduced =
                axes.isEmpty() ? IntStream.range(0, shape.size()).boxed().toList() : Step.axes(axes, shape.size());
        reduced.forEach(axis -> requireOther(value, axis));
        return List.of(RowValue.shaped(without(shape, reduced, step.integer("keepdims", 1) != 0)));
    }

    private static List<Size> without(List<Size> shape, List<Integer> axes, boolean keep) {
        List<Size> rest = new ArrayList<>();
        for (int i = 0; i < shape.size(); i++) {
            if (!axes.contains(i)) {
                rest.add(shape.get(i));
            } else if (keep) {
                rest.add(Size.ONE);
            }
        }
        return rest;
    }

    /** Until version 13, all axes from the named one on were taken together. */
    private static List<RowValue> softmax(Step step) {
        return step.opset() >= 13
                ? along(step, step.integer("axis", -1))
                : normalizeFrom(step, step.integer("axis", 1));
    }

    private static List<RowValue> along(Step step, long axis) {
        RowValue value = requireNoCount(step.input(0));
        requireOther(value, Step.axis(axis, value.rank()));
        return List.of(RowValue.shaped(value.knownShape()));
    }

    /** Normalises over all axes from one on; the other inputs are weights, broadcast from the right. */
    private static List<RowValue> normalizeFrom(Step step, long first) {
        step.requireFreeFrom(1);
        RowValue value = requireNoCount(step.input(0));
        List<Size> shape = value.knownShape();
        int from = first == shape.size() ? shape.size() : Step.axis(first, shape.size());
        IntStream.range(from, shape.size()).forEach(axis -> requireOther(value, axis));
        List<Size> result = shape;
        for (int i = 1; i < step.inputs().size(); i++) {
            result = step.has(i) ? Broadcast.shape(result, step.input(i).knownShape()) : result;
        }
        RowValue statistics = RowValue.shaped(
                without(shape, IntStream.range(from, shape.size()).boxed().toList(), true));
        return List.of(RowValue.shaped(result), statistics, statistics);
    }

    private static List<RowValue> argument(Step step) {
        RowValue value = requireNoCount(step.input(0));
        int axis = Step.axis(step.integer("axis", 0), value.rank());
        requireOther(value, axis);
        boolean keep = step.integer("keepdims", 1) != 0;
        return List.of(RowValue.shaped(without(value.knownShape(), List.of(axis), keep)));
    }

    private static List<RowValue> topK(Step step) {
        RowValue value = requireNoCount(step.input(0));
        step.requireFreeFrom(1);
        int axis = Step.axis(step.integer("axis", -1), value.rank());
        requireOther(value, axis);
        List<Size> shape = new ArrayList<>(value.knownShape());
        Optional<List<Size>> count = step.has(1) ? step.input(1).elements() : Optional.empty();
        shape.set(axis, count.isPresent() ? count.get().get(0) : Size.unknown());
        RowValue result = RowValue.shaped(shape);
        return List.of(result, result);
    }

    private static List<RowValue> cumulate(Step step) {
        return along(step, step.input(1).knownNumbers("axes").get(0));
    }
}
