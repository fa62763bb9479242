package dev.kitchen.onnx;

import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.random.RandomGenerator;

/** Tensors whose bits are drawn by lot, infinities, subnormal numbers and all kinds of NaN among them. */
final class RandomTensors {

    private static final int MAX_LENGTH = 12;

    private RandomTensors() {}

    /** In memory that may be lent. */
    static Tensor numbers(DataType type, RandomGenerator random, long... shape) {
        byte[] bytes = new byte[Math.toIntExact(Shape.of(shape).elementCount() * type.sizeBytes())];
        random.nextBytes(bytes);
        for (int i = 0; type == DataType.BOOL && i < bytes.length; i++) {
            bytes[i] &= 1;
        }
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).order(ByteOrder.nativeOrder());
        return Tensor.borrow(type, direct.put(bytes).flip(), shape);
    }

    /**
     * Texts of characters from all over Unicode.
     *
     * @param wide whether U+0000 and characters above U+FFFF are among them
     */
    static Tensor strings(RandomGenerator random, boolean wide, long... shape) {
        String[] strings = new String[Math.toIntExact(Shape.of(shape).elementCount())];
        for (int i = 0; i < strings.length; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(MAX_LENGTH); length > 0; length--) {
                text.appendCodePoint(character(random, wide));
            }
            strings[i] = text.toString();
        }
        return Tensor.ofStrings(strings, shape);
    }

    private static int character(RandomGenerator random, boolean wide) {
        int kind = random.nextInt(wide ? 5 : 3);
        return switch (kind) {
            case 0 -> random.nextInt(1, 0x80);
            case 1 -> random.nextInt(0x80, Character.MIN_SURROGATE);
            case 2 -> random.nextInt(Character.MAX_SURROGATE + 1, 0x10000);
            case 3 -> random.nextInt(0x10000, Character.MAX_CODE_POINT + 1);
            default -> 0;
        };
    }
}
