package dev.kitchen.compare;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.Value;
import dev.kitchen.tensor.ValueSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Single rows of random values that fit a signature, always the same ones. Integers begin with 1 where that is possible: an
 * integer division by zero ends the process in ONNX Runtime.
 *
 * @param magnitude fractions lie between its negative and itself, or between 0 and itself
 * @param positive whether fractions are positive only, for models that take roots or logarithms
 * @param leastInteger the smallest integer
 * @param mostInteger the largest integer
 * @param texts what texts are chosen from
 * @param otherSize the size of each dynamic dimension but the first
 */
public record MadeUpRows(
        float magnitude, boolean positive, int leastInteger, int mostInteger, List<String> texts, int otherSize) {

    public static final int MAGNITUDES = 3;

    private static final List<String> DIGITS = List.of("1", "2", "3", "4", "5", "6", "7", "8", "9");
    private static final List<String> LETTERS = List.of("a", "b", "c", "d", "A", "B", "C", "D");
    private static final List<String> WORDS = List.of("", "yes", "no", "true", "false", "male", "female", "0");

    private static final long MAX_BYTES = 16L << 20;
    private static final long SEED = 20_240_229;

    public MadeUpRows {
        texts = List.copyOf(texts);
    }

    /** Rows of one of {@link #MAGNITUDES} magnitudes, the smallest first. */
    public static MadeUpRows of(int magnitude, boolean positive, int otherSize) {
        return switch (magnitude) {
            case 0 -> new MadeUpRows(1, positive, 1, 2, DIGITS, otherSize);
            case 1 -> new MadeUpRows(30, positive, 1, 3, LETTERS, otherSize);
            default -> new MadeUpRows(1_000, positive, 1, 100, WORDS, otherSize);
        };
    }

    /** Rows for an index into one or two elements. */
    public static MadeUpRows smallest(int otherSize) {
        return new MadeUpRows(1, true, 0, 1, List.of("", "0"), otherSize);
    }

    /** Whether a signature leaves open more than the number of rows. */
    public static boolean haveOtherSizes(ModelSignature signature) {
        return signature.inputs().stream()
                .anyMatch(it -> it instanceof TensorSpec tensor
                        && (!tensor.shape().isRankKnown() || dynamicDimensions(tensor.shape()) > 1));
    }

    private static long dynamicDimensions(Shape shape) {
        return Arrays.stream(shape.toArray()).filter(it -> it == Shape.DYNAMIC).count();
    }

    /**
     * So many rows for all inputs that have to be there.
     *
     * @throws InvalidRequestException if they would be too large to make up
     */
    public List<NamedValues> of(ModelSignature signature, int count) {
        SplittableRandom random = new SplittableRandom(SEED);
        List<String> names = signature.inputs().stream().map(ValueSpec::name).toList();
        List<NamedValues> rows = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Value[] values = signature.inputs().stream()
                    .map(it -> tensor((TensorSpec) it, random))
                    .toArray(Value[]::new);
            rows.add(NamedValues.of(names, values));
        }
        return rows;
    }

    private Tensor tensor(TensorSpec spec, SplittableRandom random) {
        long[] dimensions = spec.shape().isRankKnown() ? spec.shape().toArray() : new long[] {1, otherSize};
        dimensions[0] = 1;
        for (int i = 1; i < dimensions.length; i++) {
            dimensions[i] = dimensions[i] == Shape.DYNAMIC ? otherSize : dimensions[i];
        }
        Shape shape = Shape.of(dimensions);
        if (shape.elementCount() > MAX_BYTES / Math.max(8, spec.type().sizeBytes())) {
            throw new InvalidRequestException("input '" + spec.name() + "' has shape " + spec.shape()
                    + ", expected a row of at most " + MAX_BYTES + " bytes to make up values for");
        }
        return filled(spec.type(), shape, random);
    }

    private Tensor filled(DataType type, Shape shape, SplittableRandom random) {
        int count = (int) shape.elementCount();
        if (type.isFloating()) {
            double[] values =
                    random.doubles(count, positive ? 0 : -magnitude, magnitude).toArray();
            return fractions(type, values, shape);
        }
        if (type == DataType.STRING) {
            String[] values =
                    random.ints(count, 0, texts.size()).mapToObj(texts::get).toArray(String[]::new);
            return Tensor.ofStrings(values, shape.toArray());
        }
        if (type == DataType.BOOL) {
            byte[] bits = new byte[count];
            for (int i = 0; i < count; i++) {
                bits[i] = (byte) random.nextInt(2);
            }
            return Tensor.ofBits(DataType.BOOL, bits, shape.toArray());
        }
        long[] values = random.longs(count, leastInteger, mostInteger + 1L).toArray();
        return Tensor.of(values, shape.toArray()).convertTo(type);
    }

    /** A tensor of fractions, each the nearest that its type has. */
    public static Tensor fractions(DataType type, double[] values, Shape shape) {
        if (type == DataType.DOUBLE) {
            return Tensor.of(values, shape.toArray());
        }
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        Tensor tensor = Tensor.of(floats, shape.toArray());
        return type == DataType.FLOAT ? tensor : tensor.roundTo(type);
    }
}
