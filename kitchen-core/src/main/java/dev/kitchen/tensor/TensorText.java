package dev.kitchen.tensor;

import dev.kitchen.error.MessageText;
import java.nio.ByteBuffer;

/** A tensor in one line, for people and logs. */
final class TensorText {

    private static final int SHOWN_ELEMENTS = 8;

    private TensorText() {}

    /** For example {@code FLOAT[1, 4] {5.1, 3.5, 1.4, 0.2}}. */
    static String of(Tensor tensor) {
        StringBuilder text =
                new StringBuilder().append(tensor.type()).append(tensor.shape()).append(" {");
        int shown = Math.min(tensor.elementCount(), SHOWN_ELEMENTS);
        for (int i = 0; i < shown; i++) {
            text.append(i == 0 ? "" : ", ").append(element(tensor, i));
        }
        return text.append(shown < tensor.elementCount() ? ", ...}" : "}").toString();
    }

    private static Object element(Tensor tensor, int index) {
        if (tensor.type() == DataType.STRING) {
            return '"' + MessageText.of(tensor.stringAt(index)) + '"';
        }
        ByteBuffer data = tensor.bytes();
        return switch (tensor.type()) {
            case FLOAT, FLOAT16, BFLOAT16 -> Elements.readFloat(tensor.type(), data, index);
            case DOUBLE -> data.getDouble(index * 8);
            case UINT64 -> Long.toUnsignedString(data.getLong(index * 8));
            case BOOL -> data.get(index) != 0;
            default -> Elements.readLong(tensor.type(), data, index);
        };
    }
}
