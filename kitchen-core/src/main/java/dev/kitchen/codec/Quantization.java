package dev.kitchen.codec;

import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Optional;

/**
 * How integers of a quantised model stand for real numbers: {@code real = scale * (integer - zeroPoint)}. See TensorFlow
 * Lite's 8-bit quantization specification.
 *
 * @param scale greater than 0
 * @param zeroPoint the integer that stands for 0
 */
public record Quantization(float scale, int zeroPoint) {

    private static final String METADATA = "kitchen.quantization.";

    public Quantization {
        if (!(scale > 0 && scale < Float.POSITIVE_INFINITY)) {
            throw new ConfigurationException("quantization has the scale " + scale + ", expected more than 0");
        }
    }

    /**
     * What a model says of an input or output, where it is quantised.
     *
     * @param metadata the custom part of a model's metadata: {@code endpoint.metadata().custom()}
     */
    public static Optional<Quantization> of(Map<String, String> metadata, String name) {
        String text = metadata.get(METADATA + name);
        if (text == null) {
            return Optional.empty();
        }
        try {
            int space = text.indexOf(' ');
            return Optional.of(new Quantization(
                    Float.parseFloat(text.substring(0, space)), Integer.parseInt(text.substring(space + 1))));
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            throw new ConfigurationException(
                    "'" + METADATA + name + "' is '" + text + "', expected a scale and a zero point", e);
        }
    }

    /**
     * The real numbers that integers stand for, as FLOAT.
     *
     * @throws InvalidRequestException if the tensor is not of integers
     */
    public Tensor dequantize(Tensor integers) {
        if (!integers.type().isInteger()) {
            throw new InvalidRequestException("a tensor of " + integers.type() + " has no quantised numbers");
        }
        float[] real = new float[integers.elementCount()];
        for (int i = 0; i < real.length; i++) {
            real[i] = (float) (scale * (double) (integers.longAt(i) - zeroPoint));
        }
        return Tensor.of(real, integers.shape().toArray());
    }

    /**
     * The integers nearest to real numbers, halves away from 0 as in TensorFlow Lite; those beyond the type's range become its least or greatest.
     *
     * @param type INT8, UINT8 or INT16
     * @throws InvalidRequestException for a NaN
     */
    public Tensor quantize(Tensor real, DataType type) {
        requireQuantized(type);
        ByteBuffer bytes =
                ByteBuffer.allocate(real.elementCount() * type.sizeBytes()).order(ByteOrder.nativeOrder());
        for (int i = 0; i < real.elementCount(); i++) {
            put(bytes, type, real.doubleAt(i), i);
        }
        return Tensor.copyOf(type, bytes.flip(), real.shape());
    }

    static void requireQuantized(DataType type) {
        if (!isQuantized(type)) {
            throw new InvalidRequestException("cannot quantise to " + type + ", expected INT8, UINT8 or INT16");
        }
    }

    static boolean isQuantized(DataType type) {
        return type == DataType.INT8 || type == DataType.UINT8 || type == DataType.INT16;
    }

    static long least(DataType type) {
        return type.isUnsigned() ? 0 : -1L << (type.sizeBytes() * 8 - 1);
    }

    static long most(DataType type) {
        int bits = type.sizeBytes() * 8;
        return type.isUnsigned() ? (1L << bits) - 1 : (1L << (bits - 1)) - 1;
    }

    double real(double integer) {
        return scale * (integer - zeroPoint);
    }

    void put(ByteBuffer target, DataType type, double real, int index) {
        if (Double.isNaN(real)) {
            throw new InvalidRequestException("element " + index + " is NaN, which no integer stands for");
        }
        double steps = real / scale;
        double nearest = Math.copySign(Math.floor(Math.abs(steps) + 0.5), steps) + zeroPoint;
        long integer = (long) Math.max((double) least(type), Math.min((double) most(type), nearest));
        if (type.sizeBytes() == 1) {
            target.put((byte) integer);
        } else {
            target.putShort((short) integer);
        }
    }
}
