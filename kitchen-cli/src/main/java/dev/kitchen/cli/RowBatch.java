package dev.kitchen.cli;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Value;
import java.util.ArrayList;
import java.util.List;

/** Rows of a CSV file, gathered for one run. */
final class RowBatch {

    /** So that rows of many columns do not take all memory. */
    private static final long MAX_BYTES = 16 << 20;

    private final RowLayout layout;
    private final boolean emptyIsNan;
    private final int capacity;
    private final List<CellBuffer> buffers = new ArrayList<>();
    private final List<CsvRecord> rows = new ArrayList<>();

    RowBatch(RowLayout layout, int size, boolean emptyIsNan) {
        this.layout = layout;
        this.emptyIsNan = emptyIsNan;
        long fitting = Math.max(1, MAX_BYTES / Math.max(1, layout.rowBytes()));
        this.capacity = layout.batched() ? (int) Math.min(size, fitting) : 1;
        for (InputCells input : layout.inputs()) {
            buffers.add(new CellBuffer(input.spec().type(), Math.multiplyExact(input.width(), capacity), emptyIsNan));
        }
    }

    /** One of its rows alone. */
    RowBatch only(CsvRecord row) {
        RowBatch one = new RowBatch(layout, 1, emptyIsNan);
        one.add(row);
        return one;
    }

    /** Takes a row, or throws and is as before. */
    void add(CsvRecord row) {
        if (row.cells().size() != layout.width()) {
            throw new InvalidRequestException("has " + row.cells().size() + " columns, expected " + layout.width());
        }
        try {
            addCells(row);
            rows.add(row);
        } catch (InvalidRequestException e) {
            truncate(rows.size());
            throw e;
        }
    }

    private void addCells(CsvRecord row) {
        int cell = 0;
        for (int i = 0; i < buffers.size(); i++) {
            int end = cell + layout.inputs().get(i).width();
            for (; cell < end; cell++) {
                String place = "column '" + layout.names().get(cell) + "'";
                buffers.get(i).add(place, row.cells().get(layout.columns().get(cell)));
            }
        }
    }

    private void truncate(int rowCount) {
        for (int i = 0; i < buffers.size(); i++) {
            buffers.get(i).truncate(rowCount * layout.inputs().get(i).width());
        }
    }

    void clear() {
        rows.clear();
        truncate(0);
    }

    boolean isFull() {
        return rows.size() == capacity;
    }

    List<CsvRecord> rows() {
        return rows;
    }

    NamedValues inputs() {
        List<String> names =
                layout.inputs().stream().map(it -> it.spec().name()).toList();
        Value[] values = new Value[names.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = buffers.get(i).toTensor(layout.inputs().get(i).shape(rows.size()));
        }
        return NamedValues.of(names, values);
    }
}
