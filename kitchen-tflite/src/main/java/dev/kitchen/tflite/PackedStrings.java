package dev.kitchen.tflite;

import dev.kitchen.error.InferenceException;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Strings as TensorFlow Lite keeps them: their count, where each begins and where the last one ends, their bytes. */
final class PackedStrings {

    private PackedStrings() {}

    static byte[] pack(Tensor tensor) {
        String[] texts = tensor.toStringArray();
        byte[][] encoded = new byte[texts.length][];
        int offset = 4 * (texts.length + 2);
        int size = offset;
        for (int i = 0; i < texts.length; i++) {
            encoded[i] = texts[i].getBytes(StandardCharsets.UTF_8);
            size = Math.addExact(size, encoded[i].length);
        }
        ByteBuffer packed = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        packed.putInt(texts.length);
        for (byte[] text : encoded) {
            packed.putInt(offset);
            offset += text.length;
        }
        packed.putInt(offset);
        for (byte[] text : encoded) {
            packed.put(text);
        }
        return packed.array();
    }

    static Tensor unpack(ByteBuffer memory, Shape shape, String name) {
        ByteBuffer packed = memory.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int count = packed.capacity() < 8 ? 0 : packed.getInt(0);
        if (count < 0 || count != shape.elementCount() || 4L * (count + 2L) > Math.max(8, packed.capacity())) {
            throw new InferenceException("output '" + name + "' has " + count + " texts, its shape is " + shape);
        }
        String[] texts = new String[count];
        for (int i = 0; i < count; i++) {
            int begin = packed.getInt(4 + 4 * i);
            int end = packed.getInt(8 + 4 * i);
            if (begin < 0 || end < begin || end > packed.capacity()) {
                throw new InferenceException("output '" + name + "' has a text outside of its memory");
            }
            byte[] text = new byte[end - begin];
            packed.get(begin, text);
            texts[i] = new String(text, StandardCharsets.UTF_8);
        }
        return Tensor.ofStrings(texts, shape.toArray());
    }
}
