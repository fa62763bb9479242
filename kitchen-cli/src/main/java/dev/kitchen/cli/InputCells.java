package dev.kitchen.cli;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.ValueSpec;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * What a row of cells has to bring for one input.
 *
 * @param rowShape of one row
 * @param batched whether rows are put together along a first dimension
 */
record InputCells(TensorSpec spec, Shape rowShape, boolean batched) {

    private static final int MAX_CELLS = 1_000_000;

    /**
     * How an input is made of rows.
     *
     * @param columns how many a row has, for the only input of a model that does not say how wide it is
     */
    static InputCells of(ValueSpec value, int columns, boolean only) {
        if (!(value instanceof TensorSpec spec)) {
            throw noForm(value, "is no tensor");
        }
        Shape shape = spec.shape();
        if (!shape.isRankKnown()) {
            shape = Shape.of(Shape.DYNAMIC, Shape.DYNAMIC);
        }
        // A vector of a fixed length is one row without a dimension for rows.
        boolean oneRow = shape.rank() == 0 || (shape.rank() == 1 && shape.dimension(0) > 1);
        if (!oneRow && shape.dimension(0) > 1) {
            throw noForm(value, "takes exactly " + shape.dimension(0) + " rows at once");
        }
        long[] all = shape.toArray();
        long[] row = oneRow ? all : Arrays.copyOfRange(all, 1, all.length);
        return new InputCells(spec, resolved(spec, row, columns, only), !oneRow && shape.dimension(0) != 1);
    }

    private static Shape resolved(TensorSpec spec, long[] row, int columns, boolean only) {
        long known = 1;
        int open = -1;
        for (int i = 0; i < row.length; i++) {
            if (row[i] == Shape.DYNAMIC && open >= 0) {
                throw noForm(spec, "leaves more than one dimension open");
            } else if (row[i] == Shape.DYNAMIC) {
                open = i;
            } else {
                known = Math.multiplyExact(known, row[i]);
            }
        }
        if (open >= 0) {
            if (!only || known == 0 || columns % known != 0) {
                throw noForm(spec, "leaves open how many columns it takes");
            }
            row[open] = columns / known;
        }
        Shape shape = Shape.of(row);
        if (shape.elementCount() > MAX_CELLS) {
            throw noForm(spec, "takes " + shape.elementCount() + " columns, more than " + MAX_CELLS);
        }
        return shape;
    }

    private static InvalidRequestException noForm(ValueSpec spec, String why) {
        return new InvalidRequestException(
                "input '" + spec.name() + "' " + why + ", which rows of CSV cannot serve; send a JSON request instead");
    }

    int width() {
        return (int) rowShape.elementCount();
    }

    /** The shape of so many rows. */
    Shape shape(int rows) {
        if (spec.shape().rank() == rowShape.rank() && spec.shape().isRankKnown()) {
            return rowShape;
        }
        return Shape.of(LongStream.concat(LongStream.of(rows), Arrays.stream(rowShape.toArray()))
                .toArray());
    }

    /** What its columns are called: {@code x}, or {@code x[0]}, {@code x[1]} and so on. */
    List<String> columnNames() {
        return width() == 1
                ? List.of(spec.name())
                : IntStream.range(0, width())
                        .mapToObj(it -> spec.name() + "[" + it + "]")
                        .toList();
    }
}
