package dev.kitchen.onnx.scan;

import java.util.HashMap;
import java.util.Map;

/** Bounds what a file can make its parsed graph take of memory, and keeps each name once. */
final class GraphBudget {

    /** Roughly what a small object and its place in a list take. */
    static final int OBJECT_BYTES = 48;

    static final int NODE_BYTES = 160;
    static final int ATTRIBUTE_BYTES = 120;
    static final int TENSOR_BYTES = 120;

    /** Many times what the graphs of known models take: 100,000 nodes with all their names take about 40 MiB. */
    private static final long MAX_BYTES = 256L << 20;

    private static final int MAX_NODES = 500_000;

    private final ProtoReader reader;
    private final Map<String, String> names = new HashMap<>();
    private long bytes;
    private int nodes;

    GraphBudget(ProtoReader reader) {
        this.reader = reader;
    }

    /** Takes these bytes of the budget, or refuses the file. */
    void take(long count) {
        bytes += count;
        if (bytes > MAX_BYTES) {
            throw reader.refused("has a graph that takes more than " + (MAX_BYTES >> 20)
                    + " MiB without its weights, expected fewer nodes, names and attributes");
        }
    }

    /** Takes the room for a node, or refuses the file. */
    void takeNode() {
        if (++nodes > MAX_NODES) {
            throw reader.refused("has more than " + MAX_NODES + " nodes");
        }
        take(NODE_BYTES);
    }

    /** Returns the name, the same object for equal names. */
    String name(String text) {
        take(8);
        if (text.isEmpty()) {
            return "";
        }
        String known = names.putIfAbsent(text, text);
        if (known == null) {
            take(104 + 2L * text.length());
        }
        return known == null ? text : known;
    }
}
