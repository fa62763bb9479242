package dev.kitchen.onnx.scan;

import dev.kitchen.error.MessageText;
import dev.kitchen.onnx.graph.Attribute;
import dev.kitchen.onnx.graph.Node;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads one node: ONNX's {@code NodeProto}. */
final class NodeReader {

    private static final String ONNX_DOMAIN = "ai.onnx";

    private final ProtoReader reader;
    private final ScanFacts facts;
    private final List<String> inputs = new ArrayList<>(3);
    private final List<String> outputs = new ArrayList<>(1);
    private final List<Attribute> attributes = new ArrayList<>(0);
    private final Set<String> attributeNames = new HashSet<>(0);
    private String name = "";
    private String operator = "";
    private String domain = "";
    private String overload = "";

    private NodeReader(ProtoReader reader, ScanFacts facts) {
        this.reader = reader;
        this.facts = facts;
    }

    /** Reads the node that the reader stands on. */
    static Node read(ProtoReader reader, ScanFacts facts) throws IOException {
        facts.budget().takeNode();
        NodeReader node = new NodeReader(reader, facts);
        reader.readMessage(node::field);
        return new Node(
                node.operator, node.domain, node.overload, node.name, node.inputs, node.outputs, node.attributes);
    }

    private void field(int number) throws IOException {
        switch (number) {
            case 1 -> inputs.add(text());
            case 2 -> outputs.add(text());
            case 3 -> name = text();
            case 4 -> operator = text();
            case 5 -> add(AttributeReader.read(reader, facts));
            case 7 -> domain = domain(text());
            case 8 -> overload = text();
            default -> {}
        }
    }

    private String text() throws IOException {
        return facts.budget().name(reader.text());
    }

    private void add(Attribute attribute) {
        if (!attributeNames.add(attribute.name())) {
            throw reader.damaged(
                    "has a node with two attributes of the name '" + MessageText.of(attribute.name(), 100) + "'");
        }
        attributes.add(attribute);
    }

    /** ONNX's own domain has two names. */
    static String domain(String domain) {
        return domain.equals(ONNX_DOMAIN) ? "" : domain;
    }
}
