package dev.kitchen.onnx.scan;

import java.io.IOException;
import java.util.Map;

/** Reads which version of a domain's operators is meant: ONNX's {@code OperatorSetIdProto}. */
final class OpsetReader {

    private final ProtoReader reader;
    private final ScanFacts facts;
    private String domain = "";
    private long version;

    OpsetReader(ProtoReader reader, ScanFacts facts) {
        this.reader = reader;
        this.facts = facts;
    }

    /** Reads the message that the reader stands on, and adds what it says. */
    void readInto(Map<String, Long> opsets) throws IOException {
        reader.readMessage(number -> {
            switch (number) {
                case 1 -> domain = NodeReader.domain(facts.budget().name(reader.text()));
                case 2 -> version = reader.integer();
                default -> {}
            }
        });
        facts.budget().take(GraphBudget.OBJECT_BYTES);
        opsets.put(domain, version);
    }
}
