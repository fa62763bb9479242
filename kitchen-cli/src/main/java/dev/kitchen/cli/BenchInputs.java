package dev.kitchen.cli;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.Value;
import dev.kitchen.tensor.ValueSpec;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** Inputs made up for a model, the same each time. */
final class BenchInputs {

    private static final long SEED = 1;
    private static final long MAX_ELEMENTS = 1 << 28;

    private BenchInputs() {}

    /**
     * Floats between 0 and 1, integers 1, texts "a".
     *
     * @param rows the size of each dynamic first dimension; other dynamic dimensions get 1
     * @param shapes of inputs that are to have another one
     */
    static NamedValues of(ModelSignature signature, int rows, Map<String, Shape> shapes) {
        for (String name : shapes.keySet()) {
            if (signature.input(name).isEmpty()) {
                throw new InvalidRequestException("there is no input '" + name + "', expected one of "
                        + signature.inputs().stream().map(ValueSpec::name).toList());
            }
        }
        Random random = new Random(SEED);
        Map<String, Value> values = new LinkedHashMap<>();
        for (ValueSpec spec : signature.inputs()) {
            if (!(spec instanceof TensorSpec tensor)) {
                throw new InvalidRequestException(
                        "input '" + spec.name() + "' is no tensor, expected a request in --input");
            }
            Shape shape = shapes.getOrDefault(spec.name(), shape(tensor.shape(), rows));
            values.put(spec.name(), tensor(tensor, shape, random));
        }
        return NamedValues.of(values);
    }

    private static Shape shape(Shape declared, int rows) {
        long[] dimensions = declared.isRankKnown() ? declared.toArray() : new long[] {Shape.DYNAMIC};
        for (int i = 0; i < dimensions.length; i++) {
            if (dimensions[i] == Shape.DYNAMIC) {
                dimensions[i] = i == 0 ? rows : 1;
            }
        }
        return Shape.of(dimensions);
    }

    private static Tensor tensor(TensorSpec spec, Shape shape, Random random) {
        if (!shape.isStatic() || shape.elementCount() > MAX_ELEMENTS) {
            throw new InvalidRequestException("input '" + spec.name() + "' would have shape " + shape
                    + ", expected known dimensions and at most " + MAX_ELEMENTS + " elements");
        }
        int count = (int) shape.elementCount();
        long[] dimensions = shape.toArray();
        if (spec.type() == DataType.STRING) {
            String[] texts = new String[count];
            Arrays.fill(texts, "a");
            return Tensor.ofStrings(texts, dimensions);
        } else if (spec.type() == DataType.BOOL) {
            return Tensor.of(new boolean[count], dimensions);
        } else if (spec.type().isInteger()) {
            // Not 0: ONNX Runtime ends the process on a division of integers by it.
            long[] ones = new long[count];
            Arrays.fill(ones, 1);
            return Tensor.of(ones, dimensions).convertTo(spec.type());
        }
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = random.nextFloat();
        }
        Tensor floats = Tensor.of(numbers, dimensions);
        return spec.type() == DataType.FLOAT16 || spec.type() == DataType.BFLOAT16
                ? floats.roundTo(spec.type())
                : floats.convertTo(spec.type());
    }
}
