package dev.kitchen.tensor;

import dev.kitchen.error.InvalidRequestException;
import java.util.Arrays;

/**
 * The dimensions of a tensor, outermost first. In a signature a dimension may be {@link #DYNAMIC} and the rank may be
 * {@linkplain #UNKNOWN unknown}; the shape of a value is always fully known. Immutable.
 *
 * <p>A class and not a record, because a record would hand out its array.
 */
public final class Shape {

    /** A dimension that is known only when a value is there. */
    public static final long DYNAMIC = -1;

    /** The most dimensions a shape may have. */
    public static final int MAX_RANK = 64;

    /** Rank 0: one element. */
    public static final Shape SCALAR = new Shape(new long[0], true);

    /** The shape in a signature that does not even say how many dimensions there are; accepts every value. */
    public static final Shape UNKNOWN = new Shape(new long[0], false);

    private static final long OVERFLOW = -2;

    private final long[] dimensions;
    private final boolean rankKnown;
    private final long elementCount;

    private Shape(long[] dimensions, boolean rankKnown) {
        this.dimensions = dimensions;
        this.rankKnown = rankKnown;
        this.elementCount = rankKnown ? count(dimensions) : DYNAMIC;
    }

    /**
     * A shape of these dimensions; none of them means rank 0.
     *
     * @throws InvalidRequestException if a dimension is below {@link #DYNAMIC}, there are more than {@link #MAX_RANK},
     *     or their product is beyond a long
     */
    public static Shape of(long... dimensions) {
        if (dimensions.length == 0) {
            return SCALAR;
        }
        if (dimensions.length > MAX_RANK) {
            throw new InvalidRequestException(
                    "shape has " + dimensions.length + " dimensions, expected at most " + MAX_RANK);
        }
        Shape shape = new Shape(dimensions.clone(), true);
        if (shape.elementCount == OVERFLOW) {
            throw new InvalidRequestException("shape " + shape + " holds more elements than a long can count");
        }
        return shape;
    }

    private static long count(long[] dimensions) {
        long product = 1;
        boolean dynamic = false;
        boolean overflow = false;
        for (long dimension : dimensions) {
            if (dimension < DYNAMIC) {
                throw new InvalidRequestException("shape " + Arrays.toString(dimensions) + " has the dimension "
                        + dimension + ", expected 0 or more, or -1 where it is dynamic");
            }
            dynamic |= dimension == DYNAMIC;
            if (dimension == 0) {
                product = 0;
            } else if (dimension > 0 && product > 0) {
                overflow |= Math.multiplyHigh(product, dimension) != 0 || product * dimension < 0;
                product = overflow ? 1 : product * dimension;
            }
        }
        if (overflow && product != 0) {
            return OVERFLOW;
        }
        return dynamic ? DYNAMIC : product;
    }

    /** Whether the number of dimensions is known: true for every value, and for most signatures. */
    public boolean isRankKnown() {
        return rankKnown;
    }

    /** Whether every dimension is known. */
    public boolean isStatic() {
        return elementCount >= 0;
    }

    /** How many dimensions there are; 0 where the rank is unknown. */
    public int rank() {
        return dimensions.length;
    }

    /** The size of one dimension, or {@link #DYNAMIC}. */
    public long dimension(int index) {
        return dimensions[index];
    }

    /** A copy of the dimensions. */
    public long[] toArray() {
        return dimensions.clone();
    }

    /**
     * How many elements a tensor of this shape has.
     *
     * @throws IllegalStateException if a dimension is dynamic
     */
    public long elementCount() {
        if (elementCount < 0) {
            throw new IllegalStateException("shape " + this + " is not static");
        }
        return elementCount;
    }

    /** Whether a value of that shape fits this one, where -1 here fits every size. */
    public boolean accepts(Shape actual) {
        if (!rankKnown) {
            return true;
        }
        if (actual.dimensions.length != dimensions.length) {
            return false;
        }
        for (int i = 0; i < dimensions.length; i++) {
            if (dimensions[i] != DYNAMIC && dimensions[i] != actual.dimensions[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether the dimensions are these, without making an array. */
    boolean hasDimensions(long... expected) {
        return rankKnown && Arrays.equals(dimensions, expected);
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || other instanceof Shape that
                        && rankKnown == that.rankKnown
                        && Arrays.equals(dimensions, that.dimensions);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(dimensions) + Boolean.hashCode(rankKnown);
    }

    /** For example {@code [-1, 30]}; {@code [...]} where the rank is unknown. */
    @Override
    public String toString() {
        return rankKnown ? Arrays.toString(dimensions) : "[...]";
    }
}
