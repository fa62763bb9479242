package dev.kitchen.onnx.rows;

import java.util.ArrayList;
import java.util.List;

/**
 * A whole number that a graph computes with, such as the size of a dimension: a number times unknown numbers, and times the
 * number of rows or not. Numbers that are none of that are {@link #OTHER}.
 *
 * @param kind how it depends on the number of rows
 * @param factor the part that is known
 * @param unknowns parts that are not known but the same whatever the number of rows; each has an identity
 */
record Size(Kind kind, long factor, List<Object> unknowns) {

    enum Kind {
        /** The same, whatever the number of rows. */
        FIXED,
        /** The number of rows times the rest. */
        ROWS,
        /** Depends on the number of rows in another way. */
        OTHER
    }

    /** A product of more unknown numbers than this is a number of which nothing is known. */
    private static final int MAX_UNKNOWNS = 16;

    static final Size ONE = of(1);
    static final Size ROWS = new Size(Kind.ROWS, 1, List.of());
    static final Size OTHER = new Size(Kind.OTHER, 0, List.of());

    Size {
        unknowns = List.copyOf(unknowns);
    }

    static Size of(long number) {
        return new Size(Kind.FIXED, number, List.of());
    }

    /** A number that is not known, but the same whatever the number of rows; equal to itself only. */
    static Size unknown() {
        return new Size(Kind.FIXED, 1, List.of(new Object()));
    }

    boolean isFixed() {
        return kind == Kind.FIXED;
    }

    boolean isKnown() {
        return kind == Kind.FIXED && unknowns.isEmpty();
    }

    boolean is(long number) {
        return isKnown() && factor == number;
    }

    /** Whether this is the number of rows, or a multiple of it. */
    boolean hasRows() {
        return kind == Kind.ROWS;
    }

    Size times(Size other) {
        if (is(0) || other.is(0)) {
            return of(0);
        }
        if (kind == Kind.OTHER || other.kind == Kind.OTHER || (hasRows() && other.hasRows())) {
            return OTHER;
        }
        List<Object> all = new ArrayList<>(unknowns);
        all.addAll(other.unknowns);
        if (all.size() > MAX_UNKNOWNS) {
            return isFixed() && other.isFixed() ? unknown() : OTHER;
        }
        try {
            return new Size(hasRows() ? kind : other.kind, Math.multiplyExact(factor, other.factor), all);
        } catch (ArithmeticException e) {
            return OTHER;
        }
    }

    /** The quotient where it is certain that there is no remainder; {@link #OTHER} where it is not. */
    Size dividedBy(Size other) {
        List<Object> rest = new ArrayList<>(unknowns);
        for (Object unknown : other.unknowns) {
            if (!rest.remove(unknown)) {
                return OTHER;
            }
        }
        boolean possible = kind != Kind.OTHER
                && other.kind != Kind.OTHER
                && (hasRows() || !other.hasRows())
                && other.factor != 0
                && factor % other.factor == 0;
        Kind result = hasRows() && !other.hasRows() ? Kind.ROWS : Kind.FIXED;
        return possible ? new Size(result, factor / other.factor, rest) : OTHER;
    }

    static Size product(List<Size> sizes) {
        Size product = ONE;
        for (Size size : sizes) {
            product = product.times(size);
        }
        return product;
    }
}
