package dev.kitchen.onnx.rows;

import java.util.List;
import java.util.Map;

/** Rules of LSTM, GRU and RNN: steps of a sequence on one axis, rows on another. */
final class RecurrentRules {

    private RecurrentRules() {}

    static void addTo(Map<String, Rule> rules) {
        for (String operator : List.of("LSTM", "GRU", "RNN")) {
            rules.put(operator, RecurrentRules::recurrent);
        }
    }

    private static List<RowValue> recurrent(Step step) {
        boolean rowsFirst = step.integer("layout", 0) != 0;
        RowValue value = step.input(0);
        List<Size> shape = value.knownShape();
        int rows = rowsFirst ? 0 : 1;
        if (shape.size() != 3 || value.kind() == RowValue.Kind.COUNT) {
            throw RowsException.unknown("has an input of another rank");
        }
        if (value.hasRows() && value.axis() != rows) {
            throw RowsException.mixed("takes the rows for the steps of a sequence");
        }
        step.requireFree(1);
        step.requireFree(2);
        step.requireFree(3);
        requireRows(step, 4, 0, shape.get(rows));
        requireRows(step, 5, rows, shape.get(rows));
        requireRows(step, 6, rows, shape.get(rows));
        step.requireFree(7);
        Size directions = Size.unknown();
        Size hidden = step.node().attribute("hidden_size").isPresent()
                ? Size.of(step.integer("hidden_size", 0))
                : Size.unknown();
        Size length = shape.get(1 - rows);
        Size batch = shape.get(rows);
        RowValue all = RowValue.shaped(
                rowsFirst ? List.of(batch, length, directions, hidden) : List.of(length, directions, batch, hidden));
        RowValue last =
                RowValue.shaped(rowsFirst ? List.of(batch, directions, hidden) : List.of(directions, batch, hidden));
        return List.of(all, last, last);
    }

    private static void requireRows(Step step, int index, int axis, Size rows) {
        if (step.has(index)) {
            RowValue value = step.input(index);
            if (value.rank() <= axis || !value.knownShape().get(axis).equals(rows)) {
                throw RowsException.unknown("has an input " + index + " without a part for each row");
            }
        }
    }
}
