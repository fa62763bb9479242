package dev.kitchen.onnx.scan;

/**
 * Refuses a message field that stands twice where it may stand once: protobuf merges the two into one, which would be
 * another than the two that were checked.
 */
final class SingleFields {

    private final ProtoReader reader;
    private int seen;

    SingleFields(ProtoReader reader) {
        this.reader = reader;
    }

    /** Throws if this field was seen before. */
    void require(int number) {
        int bit = 1 << number;
        if ((seen & bit) != 0) {
            throw reader.damaged("has the field " + number + " twice where it may stand once");
        }
        seen |= bit;
    }
}
