package dev.kitchen.onnx;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Looks through a graph and all that lies in it, wherever a tensor may stand: initializers, attributes, subgraphs,
 * functions. Keeps the main graph's inputs, outputs and initializer names.
 */
final class GraphScan {

    /** Far beyond any real model, and few enough to remember. */
    private static final int MAX_NAMES = 1_000_000;

    private final ProtoReader reader;
    private final ScanFacts facts;
    private final OperatorCount operators;
    private final List<OnnxValue> inputs = new ArrayList<>();
    private final List<OnnxValue> outputs = new ArrayList<>();
    private final Set<String> initializers = new HashSet<>();

    GraphScan(ProtoReader reader, ScanFacts facts, OperatorCount operators) {
        this.reader = reader;
        this.facts = facts;
        this.operators = operators;
    }

    List<OnnxValue> inputs() {
        return inputs;
    }

    List<OnnxValue> outputs() {
        return outputs;
    }

    Set<String> initializers() {
        return initializers;
    }

    /** Reads the model's main graph. */
    void readMainGraph() throws IOException {
        TypeReader types = new TypeReader(reader);
        reader.readMessage(number -> {
            switch (number) {
                case 5 -> remember(TensorScan.check(reader, facts));
                case 11 -> remember(inputs, types.value());
                case 12 -> remember(outputs, types.value());
                default -> graphField(number);
            }
        });
    }

    private void remember(String initializer) {
        requireFew(initializers.size());
        initializers.add(initializer);
    }

    private void remember(List<OnnxValue> values, OnnxValue value) {
        requireFew(values.size());
        values.add(value);
    }

    private void requireFew(int count) {
        if (count == MAX_NAMES) {
            throw reader.refused("has more than " + MAX_NAMES + " initializers, inputs or outputs");
        }
    }

    private void readSubgraph() throws IOException {
        reader.readMessage(this::graphField);
    }

    private void graphField(int number) throws IOException {
        switch (number) {
            case 1 -> readNode();
            case 5 -> TensorScan.check(reader, facts);
            case 15 -> readSparseTensor();
            default -> {}
        }
    }

    /** A function: nodes, and attributes with defaults. */
    void readFunction() throws IOException {
        reader.readMessage(number -> {
            switch (number) {
                case 7 -> readNode();
                case 11 -> readAttribute();
                default -> {}
            }
        });
    }

    /** What only training needs: graphs in fields 1 and 2. ONNX Runtime passes over it; an attack would not. */
    void readTraining() throws IOException {
        reader.readMessage(number -> {
            if (number == 1 || number == 2) {
                readSubgraph();
            }
        });
    }

    private void readNode() throws IOException {
        OperatorCount.Node node = operators.node();
        reader.readMessage(number -> {
            if (number == 5) {
                readAttribute();
            } else {
                node.field(reader, number);
            }
        });
        node.end(reader);
    }

    private void readAttribute() throws IOException {
        Once once = new Once();
        reader.readMessage(number -> {
            switch (number) {
                case 4, 9 -> facts.addText(reader.skipText());
                case 5, 6, 22 -> {
                    once.require(number);
                    readAttributeValue(number);
                }
                case 10, 11, 23 -> readAttributeValue(number);
                default -> {}
            }
        });
    }

    private void readAttributeValue(int number) throws IOException {
        switch (number) {
            case 5, 10 -> TensorScan.check(reader, facts);
            case 6, 11 -> readSubgraph();
            default -> readSparseTensor();
        }
    }

    private void readSparseTensor() throws IOException {
        Once once = new Once();
        reader.readMessage(number -> {
            if (number == 1 || number == 2) {
                once.require(number);
                TensorScan.check(reader, facts);
            }
        });
    }

    /** Protobuf merges a message that stands twice into one, which would be another than the two that were checked. */
    private final class Once {
        private final Set<Integer> seen = new HashSet<>();

        void require(int number) {
            if (!seen.add(number)) {
                throw reader.damaged("has the field " + number + " twice where it may stand once");
            }
        }
    }
}
