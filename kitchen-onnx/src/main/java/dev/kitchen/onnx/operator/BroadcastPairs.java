package dev.kitchen.onnx.operator;

/** The elements of two tensors that meet in an operator which repeats dimensions of 1, as ONNX's binary operators do. */
final class BroadcastPairs {

    /** Pairs beyond this number are not looked at one by one. */
    private static final long MOST_PAIRS = 1 << 24;

    /** Says something of two elements, which are given as positions in row-major order. */
    interface Condition {
        boolean holds(int left, int right);
    }

    private BroadcastPairs() {}

    /** Returns whether the condition may hold for a pair; no pair meets where the shapes do not fit together. */
    static boolean anyMatch(long[] left, long[] right, Condition condition) {
        int rank = Math.max(left.length, right.length);
        long[] sizes = new long[rank];
        double pairs = 1;
        for (int d = 0; d < rank; d++) {
            long a = size(left, d, rank);
            long b = size(right, d, rank);
            if (a != b && a != 1 && b != 1) {
                return false;
            }
            sizes[d] = a == 1 ? b : a;
            pairs *= sizes[d];
        }
        if (pairs > MOST_PAIRS) {
            return true;
        }
        for (int pair = 0; pair < (int) pairs; pair++) {
            if (condition.holds(position(left, sizes, pair), position(right, sizes, pair))) {
                return true;
            }
        }
        return false;
    }

    /** The size in a dimension of the common shape. */
    private static long size(long[] shape, int dimension, int rank) {
        int own = dimension - (rank - shape.length);
        return own < 0 ? 1 : shape[own];
    }

    /** Where a tensor has the element of a position in the common shape. */
    private static int position(long[] shape, long[] sizes, int common) {
        long rest = common;
        long position = 0;
        long stride = 1;
        for (int d = sizes.length - 1; d >= 0; d--) {
            long index = rest % sizes[d];
            rest /= sizes[d];
            long size = size(shape, d, sizes.length);
            position += size == 1 ? 0 : index * stride;
            stride *= size;
        }
        return (int) position;
    }
}
