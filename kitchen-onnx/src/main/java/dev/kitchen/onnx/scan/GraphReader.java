package dev.kitchen.onnx.scan;

import dev.kitchen.onnx.graph.Graph;
import dev.kitchen.onnx.graph.Node;
import dev.kitchen.onnx.graph.TensorInfo;
import dev.kitchen.onnx.graph.ValueInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads a graph and all that lies in it, wherever a tensor may stand: initializers, attributes, subgraphs. */
final class GraphReader {

    private final ProtoReader reader;
    private final ScanFacts facts;
    private final ValueReader valueReader;
    private final List<ValueInfo> inputs = new ArrayList<>();
    private final List<ValueInfo> outputs = new ArrayList<>();
    private final Map<String, TensorInfo> initializers = new HashMap<>();
    private final Map<String, ValueInfo> values = new HashMap<>();
    private final List<Node> nodes = new ArrayList<>();
    private String name = "";

    GraphReader(ProtoReader reader, ScanFacts facts) {
        this.reader = reader;
        this.facts = facts;
        this.valueReader = new ValueReader(reader, facts.budget());
    }

    /** Reads the graph that the reader stands on. */
    Graph read() throws IOException {
        facts.budget().takeNode();
        reader.readMessage(this::field);
        return new Graph(name, inputs, outputs, initializers, values, nodes);
    }

    private void field(int number) throws IOException {
        switch (number) {
            case 1 -> nodes.add(NodeReader.read(reader, facts));
            case 2 -> name = facts.budget().name(reader.text());
            case 5 -> add(TensorReader.read(reader, facts));
            case 11 -> inputs.add(valueReader.value());
            case 12 -> outputs.add(valueReader.value());
            case 13 -> add(valueReader.value());
            case 15 -> add(SparseTensorReader.read(reader, facts));
            default -> {}
        }
    }

    private void add(TensorInfo initializer) {
        initializers.put(initializer.name(), initializer);
    }

    private void add(ValueInfo value) {
        values.put(value.name(), value);
    }
}
