package dev.kitchen.onnx.scan;

import dev.kitchen.onnx.graph.Attribute;
import dev.kitchen.onnx.graph.LocalFunction;
import dev.kitchen.onnx.graph.Node;
import dev.kitchen.onnx.graph.ValueInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads one function of a model: ONNX's {@code FunctionProto}. */
final class FunctionReader {

    private final ProtoReader reader;
    private final ScanFacts facts;
    private final List<String> inputs = new ArrayList<>();
    private final List<String> outputs = new ArrayList<>();
    private final List<String> attributes = new ArrayList<>();
    private final List<Attribute> defaults = new ArrayList<>();
    private final Map<String, ValueInfo> values = new HashMap<>();
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Long> opsets = new HashMap<>();
    private String name = "";
    private String domain = "";
    private String overload = "";

    private FunctionReader(ProtoReader reader, ScanFacts facts) {
        this.reader = reader;
        this.facts = facts;
    }

    /** Reads the function that the reader stands on. */
    static LocalFunction read(ProtoReader reader, ScanFacts facts) throws IOException {
        facts.budget().takeNode();
        FunctionReader it = new FunctionReader(reader, facts);
        reader.readMessage(it::field);
        return new LocalFunction(
                it.domain,
                it.name,
                it.overload,
                it.inputs,
                it.outputs,
                it.attributes,
                it.defaults,
                it.values,
                it.nodes,
                it.opsets);
    }

    private void field(int number) throws IOException {
        switch (number) {
            case 1 -> name = text();
            case 4 -> inputs.add(text());
            case 5 -> outputs.add(text());
            case 6 -> attributes.add(text());
            case 7 -> nodes.add(NodeReader.read(reader, facts));
            case 9 -> new OpsetReader(reader, facts).readInto(opsets);
            case 10 -> domain = NodeReader.domain(text());
            case 11 -> defaults.add(AttributeReader.read(reader, facts));
            case 12 -> addValue(new ValueReader(reader, facts.budget()).value());
            case 13 -> overload = text();
            default -> {}
        }
    }

    private String text() throws IOException {
        return facts.budget().name(reader.text());
    }

    private void addValue(ValueInfo value) {
        values.put(value.name(), value);
    }
}
