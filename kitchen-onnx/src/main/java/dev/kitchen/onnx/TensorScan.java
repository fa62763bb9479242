package dev.kitchen.onnx;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** Looks through one {@code TensorProto}: how many elements it claims, how many bytes it brings, and where they lie. */
final class TensorScan {

    private static final int STRING = 8;
    private static final int EXTERNAL = 1;
    private static final int NONE = -1;

    /** Bits of an element by ONNX's number for its type; 0 where it has no fixed size, or the number is unknown. */
    private static final int[] ELEMENT_BITS = {
        0, 32, 8, 8, 16, 16, 32, 64, 0, 8, 16, 64, 32, 64, 64, 128, 16, 8, 8, 8, 8, 4, 4, 4, 8, 2, 2
    };

    private final ProtoReader reader;
    private final ScanFacts facts;
    private final Map<String, String> location = new HashMap<>();
    private String name = "";
    private long elements = 1;
    private long type;
    private long rawBytes = NONE;
    private long typedBytes;
    private long strings;
    private boolean external;

    private TensorScan(ProtoReader reader, ScanFacts facts) {
        this.reader = reader;
        this.facts = facts;
    }

    /** Reads the tensor that the reader stands on, and refuses it if it is not what it claims to be; returns its name. */
    static String check(ProtoReader reader, ScanFacts facts) throws IOException {
        TensorScan scan = new TensorScan(reader, facts);
        reader.readMessage(scan::field);
        scan.check();
        return scan.name;
    }

    private void field(int number) throws IOException {
        switch (number) {
            case 1 -> reader.integers(this::dimension);
            case 2 -> type = reader.integer();
            case 4, 5, 7, 10, 11 -> typedBytes += reader.skip();
            case 6 -> {
                strings++;
                facts.addText(reader.skipText());
            }
            case 8 -> name = reader.text();
            case 9 -> rawBytes = reader.skip();
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
        long bits = type >= 0 && type < ELEMENT_BITS.length ? ELEMENT_BITS[(int) type] : 0;
        long bytes = bits == 0 ? NONE : bytes(bits);
        if (external) {
            facts.externalData().check(name, location, bytes);
        } else if (type == STRING) {
            require(elements <= strings, "as many strings", strings);
        } else if (rawBytes != NONE) {
            require(bytes == NONE || bytes == rawBytes, bytes + " bytes", rawBytes);
        } else {
            require(elements <= typedBytes, "as many numbers", typedBytes);
        }
    }

    private long bytes(long bits) {
        if (elements > Long.MAX_VALUE / bits) {
            throw reader.damaged("has a tensor with more bytes than a long can count");
        }
        return (elements * bits + 7) / 8;
    }

    private void require(boolean condition, String expected, long actual) {
        if (!condition) {
            throw reader.damaged("has the tensor '" + OneLine.of(name, 100) + "' of " + elements
                    + " elements, which needs " + expected + ", but has " + actual);
        }
    }
}
