package dev.kitchen.compare;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.EmptyOptional;
import dev.kitchen.tensor.MapSpec;
import dev.kitchen.tensor.MapValue;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.SequenceSpec;
import dev.kitchen.tensor.SequenceValue;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.Value;
import dev.kitchen.tensor.ValueSpec;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Inputs made up from a signature alone: numbers are 0, sequences and maps empty, and there is one of each dynamic
 * dimension. Integers are 1 at first: an integer division by zero ends the process in ONNX Runtime.
 */
public enum NeutralInputs {
    /** Integers are 1, booleans true, texts empty. */
    FIRST,
    /** Integers are 0, for an index into one element; booleans false; texts "0", for texts that are to be numbers. */
    SECOND;

    private static final long MAX_BYTES = 256L << 20;

    /** Whether a model takes inputs for which there is a second choice. */
    public static boolean haveSecond(ModelSignature signature) {
        return signature.inputs().stream()
                .anyMatch(
                        it -> it instanceof TensorSpec tensor && !tensor.type().isFloating());
    }

    /**
     * Values for all inputs that have to be there.
     *
     * @throws InvalidRequestException if they would be too large to make up
     */
    public NamedValues of(ModelSignature signature) {
        List<String> names = signature.inputs().stream().map(ValueSpec::name).toList();
        return NamedValues.of(
                names, signature.inputs().stream().map(this::value).toArray(Value[]::new));
    }

    private Value value(ValueSpec spec) {
        if (spec instanceof TensorSpec tensor) {
            return tensor(tensor);
        } else if (spec instanceof SequenceSpec) {
            return new SequenceValue(List.of());
        } else if (spec instanceof MapSpec map) {
            return MapValue.of(map.keyType(), map.valueType(), Map.of());
        }
        return new EmptyOptional();
    }

    private Tensor tensor(TensorSpec spec) {
        // Rank 0 for an unknown rank would end the process in some operators of ONNX Runtime.
        long[] dimensions = spec.shape().isRankKnown() ? spec.shape().toArray() : new long[] {1};
        for (int i = 0; i < dimensions.length; i++) {
            dimensions[i] = dimensions[i] == Shape.DYNAMIC ? 1 : dimensions[i];
        }
        Shape shape = Shape.of(dimensions);
        if (shape.elementCount() > MAX_BYTES / Math.max(8, spec.type().sizeBytes())) {
            throw new InvalidRequestException("input '" + spec.name() + "' has shape " + spec.shape()
                    + ", expected one of at most " + MAX_BYTES + " bytes to make up values for");
        }
        return filled(spec.type(), shape);
    }

    private Tensor filled(DataType type, Shape shape) {
        int count = (int) shape.elementCount();
        if (type == DataType.STRING) {
            String[] texts = new String[count];
            Arrays.fill(texts, this == FIRST ? "" : "0");
            return Tensor.ofStrings(texts, shape.toArray());
        }
        if (this == FIRST && type == DataType.BOOL) {
            return trues(count, shape);
        }
        if (this == FIRST && type.isInteger()) {
            long[] ones = new long[count];
            Arrays.fill(ones, 1);
            return Tensor.of(ones, shape.toArray()).convertTo(type);
        }
        return Tensor.copyOf(type, ByteBuffer.allocate(count * type.sizeBytes()), shape);
    }

    private static Tensor trues(int count, Shape shape) {
        byte[] bytes = new byte[count];
        Arrays.fill(bytes, (byte) 1);
        return Tensor.ofBits(DataType.BOOL, bytes, shape.toArray());
    }
}
