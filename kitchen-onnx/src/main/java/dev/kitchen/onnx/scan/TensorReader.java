package dev.kitchen.onnx.scan;

import dev.kitchen.error.MessageText;
import dev.kitchen.onnx.graph.ElementType;
import dev.kitchen.onnx.graph.TensorInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads one {@code TensorProto}: how many elements it claims, how many bytes it brings, and where they lie. */
final class TensorReader {

    private static final int EXTERNAL = 1;
    private static final int NONE = -1;

    private final ProtoReader reader;
    private final ScanFacts facts;
    private final SmallValues values;
    private final Map<String, String> location = new HashMap<>();
    private final List<Long> dimensions = new ArrayList<>();
    private String name = "";
    private long elements = 1;
    private ElementType type = ElementType.UNDEFINED;
    private long rawBytes = NONE;
    private long typedBytes;
    private long strings;
    private boolean external;

    private TensorReader(ProtoReader reader, ScanFacts facts) {
        this.reader = reader;
        this.facts = facts;
        this.values = new SmallValues(reader);
    }

    /** Reads the tensor that the reader stands on, and refuses it if it is not what it claims to be. */
    static TensorInfo read(ProtoReader reader, ScanFacts facts) throws IOException {
        TensorReader tensor = new TensorReader(reader, facts);
        reader.readMessage(tensor::field);
        tensor.check();
        return tensor.result();
    }

    private void field(int number) throws IOException {
        switch (number) {
            case 1 -> reader.integers(this::dimension);
            case 2 -> type = ElementType.of(reader.integer());
            case 4, 5, 7, 10, 11 -> typedBytes += values.typed(number);
            case 6 -> {
                strings++;
                facts.addText(reader.skipText());
            }
            case 8 -> name = facts.budget().name(reader.text());
            case 9 -> rawBytes = values.raw();
            case 13 -> externalEntry();
            case 14 -> external = reader.integer() == EXTERNAL;
            default -> {}
        }
    }

    private void dimension(long dimension) {
        if (dimension < 0) {
            throw reader.damaged("has a tensor with the dimension " + dimension);
        }
        if (Math.multiplyHigh(elements, dimension) != 0 || elements * dimension < 0) {
            throw reader.damaged("has a tensor with more elements than a long can count");
        }
        elements *= dimension;
        facts.budget().take(GraphBudget.OBJECT_BYTES);
        dimensions.add(dimension);
    }

    private void externalEntry() throws IOException {
        String[] entry = {"", ""};
        reader.readMessage(number -> {
            if (number == 1 || number == 2) {
                entry[number - 1] = reader.text();
            }
        });
        if (location.put(entry[0], entry[1]) != null) {
            throw reader.damaged("says twice where a tensor's data lies");
        }
    }

    private void check() {
        long bytes = type.bits() == 0 ? NONE : bytes(type.bits());
        if (external) {
            facts.externalData().check(name, location, bytes);
        } else if (type == ElementType.STRING) {
            require(elements <= strings, "as many strings", strings);
        } else if (rawBytes != NONE) {
            require(bytes == NONE || bytes == rawBytes, bytes + " bytes", rawBytes);
        } else if (type.isPacked()) {
            require(bytes <= typedBytes, bytes + " numbers", typedBytes);
        } else {
            require(elements <= typedBytes, "as many numbers", typedBytes);
        }
    }

    private long bytes(int bits) {
        if (elements > Long.MAX_VALUE / bits) {
            throw reader.damaged("has a tensor with more bytes than a long can count");
        }
        return (elements * bits + 7) / 8;
    }

    private void require(boolean condition, String expected, long actual) {
        if (!condition) {
            throw reader.damaged("has the tensor '" + MessageText.of(name, 100) + "' of " + elements
                    + " elements, which needs " + expected + ", but has " + actual);
        }
    }

    private TensorInfo result() {
        TensorInfo tensor = new TensorInfo(
                name, type, dimensions, external ? java.util.Optional.empty() : values.of(type, elements));
        facts.budget().take(GraphBudget.TENSOR_BYTES);
        tensor.values().ifPresent(kept -> facts.budget().take(8L * kept.count()));
        return tensor;
    }
}
