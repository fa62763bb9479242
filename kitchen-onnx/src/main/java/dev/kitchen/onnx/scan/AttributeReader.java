package dev.kitchen.onnx.scan;

import dev.kitchen.onnx.graph.Attribute;
import dev.kitchen.onnx.graph.Graph;
import dev.kitchen.onnx.graph.TensorInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads one attribute: ONNX's {@code AttributeProto}. */
final class AttributeReader {

    /** Where packed numbers certainly are more than are kept. */
    private static final int MAX_PACKED_BYTES = 10 * Attribute.MAX_VALUES;

    private final ProtoReader reader;
    private final ScanFacts facts;
    private final SingleFields single;
    private final List<Long> integers = new ArrayList<>(0);
    private final List<Float> floats = new ArrayList<>(0);
    private final List<String> texts = new ArrayList<>(0);
    private final List<TensorInfo> tensors = new ArrayList<>(0);
    private final List<Graph> graphs = new ArrayList<>(0);
    private String name = "";
    private String reference = "";
    private Attribute.Kind kind = Attribute.Kind.UNDEFINED;
    private long integer;
    private float real;
    private Optional<String> text = Optional.of("");
    private long count;
    private boolean isCutOff;

    private AttributeReader(ProtoReader reader, ScanFacts facts) {
        this.reader = reader;
        this.facts = facts;
        this.single = new SingleFields(reader);
    }

    /** Reads the attribute that the reader stands on. */
    static Attribute read(ProtoReader reader, ScanFacts facts) throws IOException {
        AttributeReader attribute = new AttributeReader(reader, facts);
        reader.readMessage(attribute::field);
        return attribute.result();
    }

    private void field(int number) throws IOException {
        switch (number) {
            case 1 -> name = facts.budget().name(reader.text());
            case 2 -> reader.floats(value -> real = (float) value);
            case 3 -> integer = reader.integer();
            case 4 -> text = text();
            case 5, 6, 22 -> {
                single.require(number);
                readNested(number);
            }
            case 10, 11, 23 -> readNested(number);
            case 7, 8 -> readNumbers(number);
            case 9 -> addText();
            case 20 -> kind = Attribute.Kind.of(reader.integer());
            case 21 -> reference = facts.budget().name(reader.text());
            default -> {}
        }
    }

    private void readNested(int number) throws IOException {
        switch (number) {
            case 5, 10 -> tensors.add(TensorReader.read(reader, facts));
            case 6, 11 -> graphs.add(new GraphReader(reader, facts).read());
            default -> tensors.add(SparseTensorReader.read(reader, facts));
        }
    }

    private void readNumbers(int number) throws IOException {
        if (reader.wireType() == ProtoReader.BYTES && reader.peekLength() > MAX_PACKED_BYTES) {
            isCutOff = true;
            count += reader.skip();
        } else if (number == 7) {
            reader.floats(value -> add(floats, (float) value));
        } else {
            reader.integers(value -> add(integers, value));
        }
    }

    private void addText() throws IOException {
        Optional<String> next = text();
        isCutOff |= next.isEmpty();
        add(texts, next.orElse(""));
    }

    private <T> void add(List<T> values, T value) {
        count++;
        if (values.size() < Attribute.MAX_VALUES) {
            values.add(value);
            facts.budget().take(GraphBudget.OBJECT_BYTES);
        } else {
            isCutOff = true;
        }
    }

    /** Reads a text of any bytes; returns none where it is long. */
    private Optional<String> text() throws IOException {
        long length = reader.peekLength();
        if (length > Attribute.MAX_TEXT_BYTES) {
            facts.addText(reader.skipText());
            return Optional.empty();
        }
        byte[] bytes = reader.bytes();
        facts.addText(hasWideCharacters(bytes));
        facts.budget().take(length);
        return Optional.of(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    private static boolean hasWideCharacters(byte[] bytes) {
        for (byte next : bytes) {
            if ((next & 0xf8) == 0xf0) {
                return true;
            }
        }
        return false;
    }

    private Attribute result() {
        facts.budget().take(GraphBudget.ATTRIBUTE_BYTES);
        return switch (kind) {
            case INT -> attribute(Optional.of(List.of(integer)), Optional.empty(), Optional.empty(), 1);
            case FLOAT -> attribute(Optional.empty(), Optional.of(List.of(real)), Optional.empty(), 1);
            case STRING -> attribute(Optional.empty(), Optional.empty(), text.map(List::of), 1);
            case INTS -> attribute(kept(integers), Optional.empty(), Optional.empty(), count);
            case FLOATS -> attribute(Optional.empty(), kept(floats), Optional.empty(), count);
            case STRINGS -> attribute(Optional.empty(), Optional.empty(), kept(texts), count);
            default -> attribute(Optional.empty(), Optional.empty(), Optional.empty(), tensors.size() + graphs.size());
        };
    }

    private <T> Optional<List<T>> kept(List<T> values) {
        return isCutOff ? Optional.empty() : Optional.of(values);
    }

    private Attribute attribute(
            Optional<List<Long>> ofIntegers,
            Optional<List<Float>> ofFloats,
            Optional<List<String>> ofTexts,
            long size) {
        return new Attribute(name, reference, kind, ofIntegers, ofFloats, ofTexts, tensors, graphs, size);
    }
}
