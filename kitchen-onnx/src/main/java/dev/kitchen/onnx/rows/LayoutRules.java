package dev.kitchen.onnx.rows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Rules of operators that move elements and dimensions, without computing anything. */
final class LayoutRules {

    private LayoutRules() {}

    static void addTo(Map<String, Rule> rules) {
        rules.put("Reshape", LayoutRules::reshape);
        rules.put("Flatten", LayoutRules::flatten);
        rules.put("Transpose", LayoutRules::transpose);
        rules.put("Squeeze", LayoutRules::squeeze);
        rules.put("Unsqueeze", LayoutRules::unsqueeze);
        rules.put("Concat", LayoutRules::concat);
        rules.put("Pad", LayoutRules::pad);
        rules.put("DepthToSpace", LayoutRules::depth);
        rules.put("SpaceToDepth", LayoutRules::depth);
    }

    private static List<RowValue> reshape(Step step) {
        RowValue value = step.input(0);
        Optional<List<Size>> target = step.has(1)
                ? step.input(1).elements()
                : step.integers("shape")
                        .map(sizes -> sizes.stream().map(Size::of).toList());
        if (target.isEmpty()) {
            if (value.isFree() && step.input(1).isFree()) {
                return List.of(RowValue.free());
            }
            throw RowsException.unknown("has a shape that is not known");
        }
        if (step.integer("allowzero", 0) != 0 && target.get().stream().anyMatch(size -> size.is(0))) {
            throw RowsException.unknown("has a dimension of 0");
        }
        List<Size> sizes = new ArrayList<>(target.get());
        for (int i = 0; i < sizes.size(); i++) {
            if (sizes.get(i).is(0)) {
                sizes.set(i, value.knownShape().get(i));
            }
        }
        return List.of(reshaped(value, sizes));
    }

    private static RowValue reshaped(RowValue value, List<Size> target) {
        if (value.hasRows()) {
            return Reshaping.rows(value, target);
        }
        if (!target.stream().allMatch(Size::isFixed)) {
            throw RowsException.unknown("gives a value without rows a shape with rows");
        }
        if (value.elements().isPresent()) {
            return withShape(value, Reshaping.free(value.knownShape(), target));
        }
        if (!value.isFree()) {
            throw RowsException.unknown("reshapes the number of rows");
        }
        return RowValue.free(value.shape()
                .map(source -> Reshaping.free(source, target))
                .orElse(target.stream()
                        .map(size -> size.is(-1) ? Size.unknown() : size)
                        .toList()));
    }

    /** The same elements in another shape: known still, where that is a list or a single number. */
    private static RowValue withShape(RowValue value, List<Size> shape) {
        if (shape.size() <= 1) {
            return RowValue.numbers(shape, value.elements().orElseThrow());
        }
        return value.isFree() ? RowValue.free(shape) : RowValue.count(Optional.of(shape));
    }

    private static List<RowValue> flatten(Step step) {
        RowValue value = step.input(0);
        List<Size> shape = value.knownShape();
        long given = step.integer("axis", 1);
        int axis = given == shape.size() ? shape.size() : Step.axis(given, shape.size());
        List<Size> target =
                List.of(Size.product(shape.subList(0, axis)), Size.product(shape.subList(axis, shape.size())));
        return List.of(reshaped(value, target));
    }

    private static List<RowValue> transpose(Step step) {
        RowValue value = step.input(0);
        List<Size> shape = value.knownShape();
        List<Integer> order = step.integers("perm")
                .map(permutation -> Step.axes(permutation, shape.size()))
                .orElseGet(() -> IntStream.range(0, shape.size())
                        .mapToObj(i -> shape.size() - 1 - i)
                        .toList());
        if (order.stream().distinct().count() != shape.size()) {
            throw RowsException.unknown("has a permutation of other dimensions");
        }
        return List.of(moved(value, order.stream().map(shape::get).toList()));
    }

    /** The value in another shape that has the same dimensions, and perhaps some of size 1 more or less. */
    static RowValue moved(RowValue value, List<Size> shape) {
        if (value.hasRows()) {
            return RowValue.shaped(shape);
        }
        return value.elements().isPresent()
                ? withShape(value, shape)
                : value.isFree() ? RowValue.free(shape) : RowValue.count(Optional.of(shape));
    }

    private static List<RowValue> squeeze(Step step) {
        RowValue value = step.input(0);
        List<Size> shape = value.knownShape();
        List<Long> axes = step.integers("axes", 1).orElse(List.of());
        if (axes.isEmpty() && !shape.stream().allMatch(Size::isKnown)) {
            throw RowsException.unknown("removes dimensions that happen to be 1");
        }
        List<Integer> removed = axes.isEmpty()
                ? IntStream.range(0, shape.size())
                        .filter(i -> shape.get(i).is(1))
                        .boxed()
                        .toList()
                : Step.axes(axes, shape.size());
        if (removed.contains(value.axis())) {
            throw RowsException.unknown("removes the dimension of the rows");
        }
        List<Size> rest = IntStream.range(0, shape.size())
                .filter(i -> !removed.contains(i))
                .mapToObj(shape::get)
                .toList();
        return List.of(moved(value, rest));
    }

    private static List<RowValue> unsqueeze(Step step) {
        RowValue value = step.input(0);
        List<Size> shape = new ArrayList<>(value.knownShape());
        List<Long> axes = step.integers("axes", 1).orElse(List.of());
        int rank = shape.size() + axes.size();
        Step.axes(axes, rank).stream().sorted().forEach(axis -> shape.add(axis, Size.ONE));
        return List.of(moved(value, shape));
    }

    private static List<RowValue> concat(Step step) {
        List<RowValue> values = step.present();
        if (values.stream().allMatch(value -> value.elements().isPresent() && value.rank() == 1)) {
            List<Size> all = values.stream()
                    .flatMap(value -> value.elements().orElseThrow().stream())
                    .collect(Collectors.toList());
            return List.of(RowValue.numbers(List.of(Size.of(all.size())), all));
        }
        requireNoCount(values);
        if (values.stream().allMatch(value -> value.isFree() && value.shape().isEmpty())) {
            return List.of(RowValue.free());
        }
        List<Size> first = values.get(0).knownShape();
        int axis = Step.axis(step.integer("axis", 1), first.size());
        if (step.opset() >= 4 && step.node().attribute("axis").isEmpty()) {
            throw RowsException.unknown("has no axis");
        }
        return List.of(joined(values, first, axis));
    }

    private static RowValue joined(List<RowValue> values, List<Size> first, int axis) {
        List<Size> result = new ArrayList<>(first);
        long length = 0;
        boolean known = true;
        for (RowValue value : values) {
            if (value.axis() == axis) {
                throw RowsException.mixed("appends to the rows");
            }
            if (value.rank() != first.size() || value.hasRows() != values.get(0).hasRows()) {
                throw RowsException.unknown("joins rows with something else");
            }
            if (value.hasRows()
                            && !value.knownShape()
                                    .get(value.axis())
                                    .equals(first.get(values.get(0).axis()))
                    || value.axis() != values.get(0).axis()) {
                throw RowsException.unknown("joins rows of different kinds");
            }
            Size size = value.knownShape().get(axis);
            known &= size.isKnown();
            length += size.factor();
        }
        result.set(axis, known ? Size.of(length) : Size.unknown());
        return RowValue.shaped(result);
    }

    static void requireNoCount(List<RowValue> values) {
        if (values.stream().anyMatch(value -> value.kind() == RowValue.Kind.COUNT)) {
            throw RowsException.unknown("moves a number that depends on the number of rows");
        }
    }

    private static List<RowValue> pad(Step step) {
        RowValue value = step.input(0);
        requireNoCount(step.present());
        step.requireFreeFrom(1);
        List<Size> shape = new ArrayList<>(value.knownShape());
        List<Long> pads = step.integers("pads", 1).orElse(Collections.nCopies(2 * shape.size(), 0L));
        List<Integer> axes = step.has(3)
                ? Step.axes(step.input(3).knownNumbers("axes"), shape.size())
                : IntStream.range(0, shape.size()).boxed().toList();
        if (pads.size() != 2 * axes.size()) {
            throw RowsException.unknown("has another number of pads");
        }
        for (int i = 0; i < axes.size(); i++) {
            long added = pads.get(i) + pads.get(i + axes.size());
            Size size = shape.get(axes.get(i));
            if (axes.get(i) == value.axis() && (pads.get(i) != 0 || pads.get(i + axes.size()) != 0)) {
                throw RowsException.mixed("adds to the rows, or takes some away");
            }
            if (axes.get(i) != value.axis()) {
                shape.set(axes.get(i), size.isKnown() ? Size.of(size.factor() + added) : Size.unknown());
            }
        }
        return List.of(RowValue.shaped(shape));
    }

    private static List<RowValue> depth(Step step) {
        RowValue value = step.input(0);
        List<Size> shape = value.knownShape();
        if (shape.size() != 4 || value.hasRows() && value.axis() != 0 || value.kind() == RowValue.Kind.COUNT) {
            throw RowsException.unknown("moves elements between dimensions");
        }
        return List.of(RowValue.shaped(List.of(shape.get(0), Size.unknown(), Size.unknown(), Size.unknown())));
    }
}
