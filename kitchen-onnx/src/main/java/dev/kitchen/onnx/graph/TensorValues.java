package dev.kitchen.onnx.graph;

import java.util.Arrays;

/** The elements of a small tensor in row-major order. Immutable. */
public final class TensorValues {

    private static final TensorValues EMPTY = new TensorValues(new long[0], new double[0]);

    private final long[] integers;
    private final double[] floats;

    private TensorValues(long[] integers, double[] floats) {
        this.integers = integers;
        this.floats = floats;
    }

    /** Returns values of integers or booleans; unsigned 64-bit integers keep their bits. */
    public static TensorValues ofIntegers(long... values) {
        return values.length == 0 ? EMPTY : new TensorValues(values.clone(), new double[0]);
    }

    /** Returns values of floating point numbers. */
    public static TensorValues ofFloats(double... values) {
        return values.length == 0 ? EMPTY : new TensorValues(new long[0], values.clone());
    }

    /** Returns how many elements there are. */
    public int count() {
        return integers.length + floats.length;
    }

    /** Returns the integers, or booleans as 0 and other numbers; empty where the elements are floating point numbers. */
    public long[] integers() {
        return integers.clone();
    }

    /** Returns the floating point numbers; empty where the elements are integers or booleans. */
    public double[] floats() {
        return floats.clone();
    }

    /** Returns one element as a double, whatever its type. */
    public double doubleAt(int index) {
        return integers.length > 0 ? integers[index] : floats[index];
    }

    /** Returns one element as an integer; of a floating point number the whole part. */
    public long longAt(int index) {
        return integers.length > 0 ? integers[index] : (long) floats[index];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TensorValues values
                && Arrays.equals(integers, values.integers)
                && Arrays.equals(floats, values.floats);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(integers) + Arrays.hashCode(floats);
    }

    @Override
    public String toString() {
        return integers.length > 0 ? Arrays.toString(integers) : Arrays.toString(floats);
    }
}
