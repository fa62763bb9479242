package dev.kitchen.onnx.graph;

import java.util.List;
import java.util.Optional;

/**
 * An attribute of a node, or an attribute's default in a function.
 *
 * @param reference the name of the enclosing function's attribute whose value this one takes; empty outside functions
 * @param kind which of the values below is meant
 * @param integers values of {@code INT} and {@code INTS}; empty where there are more than {@link #MAX_VALUES}
 * @param floats values of {@code FLOAT} and {@code FLOATS}; empty where there are more than {@link #MAX_VALUES}
 * @param texts values of {@code STRING} and {@code STRINGS}, as Latin-1 characters of their bytes; empty where there are
 *     more than {@link #MAX_VALUES}, or one of them has more than {@link #MAX_TEXT_BYTES}
 * @param count how many values the file has, kept or not
 */
public record Attribute(
        String name,
        String reference,
        Kind kind,
        Optional<List<Long>> integers,
        Optional<List<Float>> floats,
        Optional<List<String>> texts,
        List<TensorInfo> tensors,
        List<Graph> graphs,
        long count) {

    /** The number of values of a list up to which they are kept. */
    public static final int MAX_VALUES = 1_024;

    /** The number of bytes of a text up to which it is kept. */
    public static final int MAX_TEXT_BYTES = 1_024;

    public Attribute {
        integers = integers.map(List::copyOf);
        floats = floats.map(List::copyOf);
        texts = texts.map(List::copyOf);
        tensors = List.copyOf(tensors);
        graphs = List.copyOf(graphs);
    }

    /** The type of an attribute ({@code AttributeProto.AttributeType}), in the order of ONNX's numbers. */
    public enum Kind {
        UNDEFINED,
        FLOAT,
        INT,
        STRING,
        TENSOR,
        GRAPH,
        FLOATS,
        INTS,
        STRINGS,
        TENSORS,
        GRAPHS,
        SPARSE_TENSOR,
        SPARSE_TENSORS,
        TYPE,
        TYPES;

        private static final Kind[] ALL = values();

        /** Returns the kind with this number, or {@link #UNDEFINED}. */
        public static Kind of(long number) {
            return number >= 0 && number < ALL.length ? ALL[(int) number] : UNDEFINED;
        }
    }

    /** Returns the value of an integer attribute; empty where this is none, or it takes another attribute's value. */
    public Optional<Long> integer() {
        return kind == Kind.INT && reference.isEmpty() ? integers.map(values -> values.get(0)) : Optional.empty();
    }

    /** Returns the value of a floating point attribute; empty where this is none, or it takes another one's value. */
    public Optional<Float> real() {
        return kind == Kind.FLOAT && reference.isEmpty() ? floats.map(values -> values.get(0)) : Optional.empty();
    }

    /** Returns the value of a text attribute; empty where this is none, it is long, or it takes another one's value. */
    public Optional<String> text() {
        return kind == Kind.STRING && reference.isEmpty() ? texts.map(values -> values.get(0)) : Optional.empty();
    }

    /** Returns the value of a tensor attribute; empty where this is none. */
    public Optional<TensorInfo> tensor() {
        return kind == Kind.TENSOR && !tensors.isEmpty() ? Optional.of(tensors.get(0)) : Optional.empty();
    }
}
