package dev.kitchen.onnx.rows;

import java.util.List;
import java.util.Optional;

/**
 * What is known of one value of a graph.
 *
 * @param kind how it depends on the rows of the inputs
 * @param axis along which its rows lie; -1 unless it is {@link Kind#ROWS}
 * @param shape one size for each dimension; of those, the one at {@code axis} is a multiple of the number of rows: as many
 *     elements for each row, in the order of the rows; empty where the rank is not known
 * @param elements what it holds, where that is a short list of whole numbers, or one
 * @param reason why its rows are mixed or not known; empty otherwise
 */
record RowValue(Kind kind, int axis, Optional<List<Size>> shape, Optional<List<Size>> elements, String reason) {

    /** The most elements that are followed: shapes and indices have no more. */
    static final int MAX_ELEMENTS = 64;

    enum Kind {
        /** The same whatever the rows are, and however many. */
        FREE,
        /** Part i along the axis depends on row i of the inputs alone. */
        ROWS,
        /** Depends on the number of rows, but not on what they hold. */
        COUNT,
        /** Rows depend on one another. */
        MIXED,
        /** Nothing is known. */
        UNKNOWN
    }

    RowValue {
        shape = shape.map(List::copyOf);
        elements = elements.map(List::copyOf);
    }

    /** A value that does not depend on the rows, of unknown shape. */
    static RowValue free() {
        return new RowValue(Kind.FREE, -1, Optional.empty(), Optional.empty(), "");
    }

    static RowValue free(List<Size> shape) {
        return new RowValue(Kind.FREE, -1, Optional.of(shape), Optional.empty(), "");
    }

    static RowValue rows(int axis, List<Size> shape) {
        return new RowValue(Kind.ROWS, axis, Optional.of(shape), Optional.empty(), "");
    }

    /** Whole numbers that were computed from sizes and constants; of long lists, the numbers are forgotten. */
    static RowValue numbers(List<Size> shape, List<Size> elements) {
        boolean free = elements.stream().allMatch(Size::isFixed);
        if (elements.size() > MAX_ELEMENTS) {
            return free ? free(shape) : count(Optional.of(shape));
        }
        return new RowValue(free ? Kind.FREE : Kind.COUNT, -1, Optional.of(shape), Optional.of(elements), "");
    }

    static RowValue count(Optional<List<Size>> shape) {
        return new RowValue(Kind.COUNT, -1, shape, Optional.empty(), "");
    }

    static RowValue mixed(String reason) {
        return new RowValue(Kind.MIXED, -1, Optional.empty(), Optional.empty(), reason);
    }

    static RowValue unknown(String reason) {
        return new RowValue(Kind.UNKNOWN, -1, Optional.empty(), Optional.empty(), reason);
    }

    /**
     * A value of this shape, whose rows, if any, lie along the one dimension that is a multiple of their number.
     *
     * @throws RowsException if there is more than one such dimension
     */
    static RowValue shaped(List<Size> shape) {
        int axis = -1;
        for (int i = 0; i < shape.size(); i++) {
            if (shape.get(i).kind() == Size.Kind.OTHER) {
                throw RowsException.unknown("a dimension depends on the number of rows");
            }
            if (shape.get(i).hasRows()) {
                if (axis >= 0) {
                    throw RowsException.mixed("combines rows with one another");
                }
                axis = i;
            }
        }
        return axis < 0 ? free(shape) : rows(axis, shape);
    }

    boolean isFree() {
        return kind == Kind.FREE;
    }

    boolean hasRows() {
        return kind == Kind.ROWS;
    }

    /** The shape, which has to be known. */
    List<Size> knownShape() {
        return shape.orElseThrow(() -> RowsException.unknown("has an input of unknown rank"));
    }

    int rank() {
        return knownShape().size();
    }

    /** The elements, which have to be known numbers. */
    List<Long> knownNumbers(String what) {
        List<Size> sizes = elements.filter(list -> list.stream().allMatch(Size::isKnown))
                .orElseThrow(() -> RowsException.unknown("has " + what + " that are not constant"));
        return sizes.stream().map(Size::factor).toList();
    }
}
