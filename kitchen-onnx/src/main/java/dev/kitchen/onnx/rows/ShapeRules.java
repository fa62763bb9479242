package dev.kitchen.onnx.rows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rules of operators that compute shapes, or make tensors of a shape. */
final class ShapeRules {

    private ShapeRules() {}

    static void addTo(Map<String, Rule> rules) {
        rules.put("Shape", ShapeRules::shape);
        rules.put(
                "Size",
                step -> List.of(RowValue.numbers(
                        List.of(), List.of(Size.product(step.input(0).knownShape())))));
        rules.put("ConstantOfShape", ShapeRules::constantOfShape);
        rules.put("Expand", ShapeRules::expand);
        rules.put("Range", ShapeRules::range);
        rules.put("Constant", step -> List.of(RowValue.free()));
        rules.put("OneHot", ShapeRules::oneHot);
        rules.put("Tile", ShapeRules::tile);
    }

    private static List<RowValue> shape(Step step) {
        List<Size> shape = step.input(0).knownShape();
        int rank = shape.size();
        long end = step.integer("end", rank);
        int from = bound(step.integer("start", 0), rank);
        int to = Math.max(from, bound(end, rank));
        List<Size> part = shape.subList(from, to);
        return List.of(RowValue.numbers(List.of(Size.of(part.size())), part));
    }

    private static int bound(long index, int rank) {
        return (int) Math.max(0, Math.min(rank, index < 0 ? index + rank : index));
    }

    private static List<RowValue> constantOfShape(Step step) {
        if (step.input(0).elements().isPresent()) {
            return List.of(RowValue.shaped(step.input(0).elements().get()));
        }
        step.requireFree(0);
        return List.of(RowValue.free());
    }

    private static List<RowValue> expand(Step step) {
        List<Size> target = step.input(1)
                .elements()
                .orElseThrow(() -> RowsException.unknown("expands to a shape that is not known"));
        RowValue value = step.input(0);
        requireNoCount(value);
        return List.of(RowValue.shaped(Broadcast.shape(value.knownShape(), target)));
    }

    private static void requireNoCount(RowValue value) {
        if (value.kind() == RowValue.Kind.COUNT) {
            throw RowsException.unknown("copies a number that depends on the number of rows");
        }
    }

    private static List<RowValue> range(Step step) {
        step.requireFreeFrom(0);
        return List.of(RowValue.free(List.of(Size.unknown())));
    }

    private static List<RowValue> oneHot(Step step) {
        step.requireFreeFrom(1);
        RowValue indices = step.input(0);
        requireNoCount(indices);
        List<Size> shape = new ArrayList<>(indices.knownShape());
        int axis = Step.axis(step.integer("axis", -1), shape.size() + 1);
        Optional<List<Size>> depth = step.input(1).elements();
        shape.add(axis, depth.isPresent() ? depth.get().get(0) : Size.unknown());
        return List.of(RowValue.shaped(shape));
    }

    private static List<RowValue> tile(Step step) {
        RowValue value = step.input(0);
        requireNoCount(value);
        List<Size> shape = value.knownShape();
        List<Size> repeats = step.input(1)
                .elements()
                .orElse(Collections.nCopies(shape.size(), step.input(1).isFree() ? Size.unknown() : Size.OTHER));
        if (repeats.size() != shape.size()) {
            throw RowsException.unknown("repeats dimensions that are not known");
        }
        List<Size> tiled = new ArrayList<>();
        for (int i = 0; i < shape.size(); i++) {
            boolean rows = shape.get(i).hasRows();
            if (rows && !repeats.get(i).is(1)) {
                throw RowsException.unknown("repeats the rows");
            }
            if (repeats.get(i).hasRows() && !shape.get(i).is(1)) {
                throw RowsException.unknown("repeats parts of a value for each row");
            }
            tiled.add(shape.get(i).times(repeats.get(i)));
        }
        return List.of(RowValue.shaped(tiled));
    }
}
