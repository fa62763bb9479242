package dev.kitchen.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/** The tensors of operator trials: of given values, or of random ones. */
final class TrialTensors {

    private static final List<Long> ODD_INTEGERS = List.of(
            Long.MIN_VALUE,
            (long) Integer.MIN_VALUE,
            -1L,
            -1L,
            0L,
            0L,
            1L,
            2L,
            -2L,
            -3L,
            7L,
            1000L,
            50_000_000L,
            (long) Integer.MAX_VALUE,
            Long.MAX_VALUE);
    private static final List<Float> ODD_FLOATS = List.of(
            Float.NaN,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            0f,
            -0f,
            -1f,
            3e38f,
            -3e38f,
            Float.MIN_VALUE,
            1e9f,
            -3e9f,
            0.5f);

    private TrialTensors() {}

    /** Values repeat; where there are none they come from the generator, small and positive. */
    static Tensor of(int type, long[] dimensions, List<String> values, RandomGenerator random) {
        List<String> elements = new ArrayList<>();
        boolean fitting = values.stream().allMatch(value -> fits(type, value));
        for (int i = 0, count = count(dimensions); i < count; i++) {
            elements.add(values.isEmpty() || !fitting ? plain(type, random) : values.get(i % values.size()));
        }
        return tensor(type, dimensions, elements);
    }

    /** Each value is an odd one with even odds: a limit of its type, not a number, negative, zero, or large. */
    static Tensor odd(int type, long[] dimensions, List<String> values, RandomGenerator random) {
        List<String> elements = new ArrayList<>();
        boolean all = random.nextInt(3) == 0;
        if (random.nextInt(3) == 0) {
            return tensor(type, dimensions, Collections.nCopies(count(dimensions), oddValue(type, random)));
        }
        boolean fitting = values.stream().allMatch(value -> fits(type, value));
        for (int i = 0, count = count(dimensions); i < count; i++) {
            if (all || random.nextBoolean()) {
                elements.add(oddValue(type, random));
            } else {
                elements.add(values.isEmpty() || !fitting ? plain(type, random) : values.get(i % values.size()));
            }
        }
        return tensor(type, dimensions, elements);
    }

    /** A trial may give an operator another element type than its seed's values have. */
    private static boolean fits(int type, String value) {
        return dataType(type) == DataType.STRING || value.matches("-?[0-9.]+(e-?[0-9]+)?|-?inf|nan");
    }

    static int count(long[] dimensions) {
        long count = 1;
        for (long dimension : dimensions) {
            count *= dimension;
        }
        return Math.toIntExact(count);
    }

    private static String plain(int type, RandomGenerator random) {
        return switch (dataType(type)) {
            case FLOAT, DOUBLE, FLOAT16, BFLOAT16 -> Float.toString(random.nextInt(1, 100) / 64f);
            case BOOL -> random.nextBoolean() ? "1" : "0";
            case STRING -> String.valueOf((char) ('a' + random.nextInt(4)));
            default -> Integer.toString(random.nextInt(4));
        };
    }

    private static String oddValue(int type, RandomGenerator random) {
        return switch (dataType(type)) {
            case FLOAT, DOUBLE, FLOAT16, BFLOAT16 -> Float.toString(ODD_FLOATS.get(random.nextInt(ODD_FLOATS.size())));
            case BOOL -> random.nextBoolean() ? "1" : "0";
            case STRING -> random.nextBoolean() ? "" : "ä".repeat(random.nextInt(40));
            default -> Long.toString(ODD_INTEGERS.get(random.nextInt(ODD_INTEGERS.size())));
        };
    }

    private static Tensor tensor(int type, long[] dimensions, List<String> elements) {
        DataType dataType = dataType(type);
        if (dataType == DataType.STRING) {
            return Tensor.ofStrings(elements.toArray(String[]::new), dimensions);
        }
        if (dataType == DataType.FLOAT16 || dataType == DataType.BFLOAT16) {
            float[] floats = new float[elements.size()];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = number(elements.get(i));
            }
            return Tensor.of(floats, dimensions).roundTo(dataType);
        }
        ByteBuffer bytes =
                ByteBuffer.allocate(elements.size() * dataType.sizeBytes()).order(ByteOrder.LITTLE_ENDIAN);
        elements.forEach(element -> put(bytes, dataType, element));
        return Tensor.copyOf(dataType, bytes.flip(), dimensions);
    }

    private static void put(ByteBuffer bytes, DataType type, String element) {
        switch (type) {
            case FLOAT -> bytes.putFloat(number(element));
            case DOUBLE -> bytes.putDouble(number(element));
            case INT64, UINT64 -> bytes.putLong(integer(element));
            case INT32, UINT32 -> bytes.putInt((int) clamped(element, Integer.MIN_VALUE, Integer.MAX_VALUE));
            case INT16, UINT16 -> bytes.putShort((short) clamped(element, Short.MIN_VALUE, Short.MAX_VALUE));
            case BOOL -> bytes.put((byte) (element.equals("0") ? 0 : 1));
            default -> bytes.put((byte) clamped(element, Byte.MIN_VALUE, Byte.MAX_VALUE));
        }
    }

    private static float number(String text) {
        return OperatorSeed.number(text);
    }

    private static long integer(String text) {
        return text.indexOf('.') >= 0 || text.endsWith("f") || text.endsWith("nan")
                ? (long) number(text)
                : Long.parseLong(text);
    }

    private static long clamped(String text, long least, long most) {
        long value = integer(text);
        return value == Long.MIN_VALUE ? least : value == Long.MAX_VALUE ? most : value;
    }

    static DataType dataType(int type) {
        return DataType.valueOf(TensorProto.DataType.forNumber(type).name());
    }

    static TensorProto proto(String name, Tensor tensor) {
        TensorProto.Builder proto = TensorProto.newBuilder()
                .setName(name)
                .setDataType(TensorProto.DataType.valueOf(tensor.type().name()).getNumber());
        for (long dimension : tensor.shape().toArray()) {
            proto.addDims(dimension);
        }
        if (tensor.type() == DataType.STRING) {
            for (String text : tensor.toStringArray()) {
                proto.addStringData(ByteString.copyFromUtf8(text));
            }
            return proto.build();
        }
        ByteBuffer bytes = ByteBuffer.allocate(tensor.sizeBytes()).order(ByteOrder.LITTLE_ENDIAN);
        tensor.copyTo(bytes);
        return proto.setRawData(ByteString.copyFrom(bytes.flip())).build();
    }
}
