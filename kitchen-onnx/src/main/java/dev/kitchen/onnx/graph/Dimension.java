package dev.kitchen.onnx.graph;

/**
 * One declared dimension of a tensor.
 *
 * @param size the number of elements along it; -1 where the file gives a symbol or nothing
 * @param symbol the name that stands for the size; empty where there is none
 */
public record Dimension(long size, String symbol) {

    /** A dimension of which the file says nothing. */
    public static final Dimension UNKNOWN = new Dimension(-1, "");

    /** Returns whether the file gives a number. */
    public boolean isFixed() {
        return size >= 0;
    }
}
