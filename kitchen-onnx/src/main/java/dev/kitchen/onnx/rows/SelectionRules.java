package dev.kitchen.onnx.rows;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Rules of operators that take parts of a tensor. */
final class SelectionRules {

    /** Exporters write any large number for "up to the end". */
    private static final long END = Integer.MAX_VALUE;

    private SelectionRules() {}

    static void addTo(Map<String, Rule> rules) {
        rules.put("Gather", SelectionRules::gather);
        rules.put("GatherElements", SelectionRules::gatherElements);
        rules.put("Slice", SelectionRules::slice);
        rules.put("Split", SelectionRules::split);
        for (String operator : List.of("NonZero", "Compress", "NonMaxSuppression", "Unique")) {
            rules.put(operator, SelectionRules::dependsOnValues);
        }
    }

    private static List<RowValue> dependsOnValues(Step step) {
        if (step.present().stream().anyMatch(value -> !value.isFree())) {
            throw RowsException.mixed("returns as many rows as values ask for");
        }
        return step.node().outputs().stream().map(output -> RowValue.free()).toList();
    }

    private static List<RowValue> gather(Step step) {
        RowValue data = step.input(0);
        RowValue indices = step.input(1);
        if (data.elements().isPresent()
                && data.rank() == 1
                && indices.elements().isPresent()) {
            return List.of(picked(data.elements().get(), indices));
        }
        LayoutRules.requireNoCount(step.present());
        if (data.shape().isEmpty() && data.isFree() && indices.isFree()) {
            return List.of(RowValue.free());
        }
        List<Size> shape = data.knownShape();
        int axis = Step.axis(step.integer("axis", 0), shape.size());
        if (data.axis() == axis) {
            throw RowsException.mixed("selects some of the rows");
        }
        List<Size> result = new ArrayList<>(shape.subList(0, axis));
        result.addAll(indices.knownShape());
        result.addAll(shape.subList(axis + 1, shape.size()));
        return List.of(RowValue.shaped(result));
    }

    private static RowValue picked(List<Size> elements, RowValue indices) {
        List<Size> picked = indices.knownNumbers("indices").stream()
                .map(index -> elements.get(Step.axis(index, elements.size())))
                .toList();
        return RowValue.numbers(indices.knownShape(), picked);
    }

    private static List<RowValue> gatherElements(Step step) {
        RowValue data = step.input(0);
        RowValue indices = step.input(1);
        LayoutRules.requireNoCount(step.present());
        int axis = Step.axis(step.integer("axis", 0), data.rank());
        if (data.axis() == axis) {
            throw RowsException.mixed("selects some of the rows");
        }
        boolean apart = data.rank() == indices.rank()
                && data.axis() == indices.axis()
                && (!data.hasRows()
                        || data.knownShape()
                                .get(data.axis())
                                .equals(indices.knownShape().get(data.axis())));
        if (!apart) {
            throw RowsException.unknown("selects by indices of other rows");
        }
        return List.of(RowValue.shaped(indices.knownShape()));
    }

    private static List<RowValue> slice(Step step) {
        RowValue value = step.input(0);
        if (value.isFree()
                && value.elements().isEmpty()
                && step.inputs().stream().allMatch(RowValue::isFree)) {
            return List.of(value.shape().isEmpty() ? RowValue.free() : sliced(step, value));
        }
        return List.of(sliced(step, value));
    }

    private static RowValue sliced(Step step, RowValue value) {
        List<Size> shape = new ArrayList<>(value.knownShape());
        List<Size> starts = bounds(step, "starts", 1);
        List<Size> ends = bounds(step, "ends", 2);
        List<Integer> axes = step.integers("axes", 3)
                .map(given -> Step.axes(given, shape.size()))
                .orElseGet(() -> IntStream.range(0, starts.size()).boxed().toList());
        List<Size> steps = step.has(4)
                ? bounds(step, "steps", 4)
                : IntStream.range(0, axes.size()).mapToObj(i -> Size.ONE).toList();
        if (starts.size() != axes.size() || ends.size() != axes.size() || steps.size() != axes.size()) {
            throw RowsException.unknown("has another number of starts than of axes");
        }
        if (value.elements().isPresent() && value.rank() == 1) {
            return numbers(value.elements().get(), starts.get(0), ends.get(0), steps.get(0));
        }
        LayoutRules.requireNoCount(List.of(value));
        for (int i = 0; i < axes.size(); i++) {
            int axis = axes.get(i);
            boolean all = isAll(starts.get(i), ends.get(i), steps.get(i), shape.get(axis));
            if (axis == value.axis() && !all) {
                throw RowsException.mixed("takes some of the rows");
            }
            if (!all
                    && !(starts.get(i).isFixed()
                            && ends.get(i).isFixed()
                            && steps.get(i).isFixed())) {
                throw RowsException.unknown("takes a part that depends on the number of rows");
            }
            shape.set(axis, all ? shape.get(axis) : length(starts.get(i), ends.get(i), steps.get(i), shape.get(axis)));
        }
        return RowValue.shaped(shape);
    }

    private static List<Size> bounds(Step step, String name, int input) {
        if (step.node().attribute(name).isPresent()) {
            return step.integers(name).orElseThrow().stream().map(Size::of).toList();
        }
        RowValue value = step.input(input);
        Optional<List<Size>> elements = value.elements();
        if (elements.isEmpty()
                && value.isFree()
                && value.shape().isPresent()
                && value.rank() == 1
                && value.knownShape().get(0).isKnown()) {
            return IntStream.range(0, (int) value.knownShape().get(0).factor())
                    .mapToObj(i -> Size.unknown())
                    .toList();
        }
        return elements.orElseThrow(() -> RowsException.unknown("has " + name + " that are not known"));
    }

    private static boolean isAll(Size start, Size end, Size step, Size length) {
        return start.is(0) && step.is(1) && (end.isKnown() && end.factor() >= END || end.equals(length));
    }

    private static Size length(Size start, Size end, Size step, Size length) {
        if (!start.isKnown() || !end.isKnown() || !length.isKnown() || !step.is(1)) {
            return Size.unknown();
        }
        return Size.of(Math.max(0, bound(end, length) - bound(start, length)));
    }

    private static long bound(Size index, Size length) {
        long position = index.factor() < 0 ? index.factor() + length.factor() : index.factor();
        return Math.max(0, Math.min(length.factor(), position));
    }

    private static RowValue numbers(List<Size> elements, Size start, Size end, Size step) {
        if (!start.isKnown() || !end.isKnown() || !step.is(1)) {
            throw RowsException.unknown("takes a part of a shape that is not known");
        }
        Size length = Size.of(elements.size());
        int from = (int) bound(start, length);
        List<Size> part = elements.subList(from, Math.max(from, (int) bound(end, length)));
        return RowValue.numbers(List.of(Size.of(part.size())), part);
    }

    private static List<RowValue> split(Step step) {
        RowValue value = step.input(0);
        LayoutRules.requireNoCount(step.present());
        step.requireFreeFrom(1);
        List<Size> shape = value.knownShape();
        int axis = Step.axis(step.integer("axis", 0), shape.size());
        if (axis == value.axis()) {
            throw RowsException.mixed("splits the rows");
        }
        int count = step.node().outputs().size();
        Optional<List<Size>> sizes = step.has(1)
                ? step.input(1).elements()
                : step.integers("split")
                        .map(given -> given.stream().map(Size::of).toList());
        List<RowValue> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<Size> part = new ArrayList<>(shape);
            Size even = shape.get(axis).dividedBy(Size.of(count));
            Size other = sizes.isPresent() || !even.isFixed() ? Size.unknown() : even;
            part.set(
                    axis,
                    sizes.isPresent() && sizes.get().size() == count
                            ? sizes.get().get(i)
                            : other);
            parts.add(RowValue.shaped(part));
        }
        return parts;
    }
}
