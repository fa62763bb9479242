package dev.kitchen.onnx;

import java.io.IOException;
import java.util.SortedMap;
import java.util.TreeMap;

/** How often each operator stands in a model: in its graph, in what is nested in that, and in its functions. */
final class OperatorCount {

    private static final int MAX_OPERATORS = 100_000;
    private static final int OPERATOR_TYPE = 4;
    private static final int DOMAIN = 7;

    private final boolean counting;
    private final SortedMap<String, Long> counts = new TreeMap<>();
    private final SortedMap<String, Long> opsets = new TreeMap<>();

    private OperatorCount(boolean counting) {
        this.counting = counting;
    }

    static OperatorCount counting() {
        return new OperatorCount(true);
    }

    /** Passes over what would be counted: loading needs none of it. */
    static OperatorCount ignoring() {
        return new OperatorCount(false);
    }

    /** By name, with the domain before it where that is not ONNX's own. */
    SortedMap<String, Long> counts() {
        return counts;
    }

    /** Versions by domain; ONNX's own domain is {@code ai.onnx}. */
    SortedMap<String, Long> opsets() {
        return opsets;
    }

    /** Notes the fields of one node. */
    Node node() {
        return new Node();
    }

    /** Reads the message that says which operators of a domain are meant. */
    void readOpset(ProtoReader reader) throws IOException {
        if (!counting) {
            return;
        }
        String[] domain = {""};
        long[] version = {0};
        reader.readMessage(number -> {
            switch (number) {
                case 1 -> domain[0] = reader.text();
                case 2 -> version[0] = reader.integer();
                default -> {}
            }
        });
        if (opsets.size() < MAX_OPERATORS) {
            opsets.put(domain[0].isEmpty() ? "ai.onnx" : domain[0], version[0]);
        }
    }

    /** One node, as far as it counts. */
    final class Node {

        private String operator = "";
        private String domain = "";

        private Node() {}

        void field(ProtoReader reader, int number) throws IOException {
            if (counting && number == OPERATOR_TYPE) {
                operator = reader.text();
            } else if (counting && number == DOMAIN) {
                domain = reader.text();
            }
        }

        void end(ProtoReader reader) {
            if (!counting) {
                return;
            }
            boolean own = domain.isEmpty() || domain.equals("ai.onnx");
            counts.merge(own ? operator : domain + "." + operator, 1L, Long::sum);
            if (counts.size() > MAX_OPERATORS) {
                throw reader.refused("has more than " + MAX_OPERATORS + " different operators");
            }
        }
    }
}
