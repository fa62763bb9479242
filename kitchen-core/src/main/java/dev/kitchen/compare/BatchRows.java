package dev.kitchen.compare;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.SequenceValue;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.Value;
import dev.kitchen.tensor.ValueSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Rows along the first dimension of tensors, repeated to make a batch. */
public final class BatchRows {

    /** The most memory that one batch's tensor takes; larger ones are no warm-up but an accident. */
    private static final long MAX_BYTES = 256L << 20;

    private BatchRows() {}

    /** How many rows the values have in common; empty if they have none, or not as many each. */
    public static Optional<Integer> count(NamedValues values) {
        int rows = 0;
        for (int i = 0; i < values.size(); i++) {
            boolean hasRows = values.value(i) instanceof Tensor tensor
                    && tensor.shape().rank() > 0
                    && tensor.shape().dimension(0) > 0
                    && (i == 0 || tensor.shape().dimension(0) == rows);
            if (!hasRows) {
                return Optional.empty();
            }
            rows = (int) ((Tensor) values.value(i)).shape().dimension(0);
        }
        return rows == 0 ? Optional.empty() : Optional.of(rows);
    }

    /** Why a model does not take any number of rows of these inputs; empty if it does, as far as its signature tells. */
    public static Optional<String> refusal(ModelSignature signature, NamedValues inputs) {
        if (inputs.size() == 0) {
            return Optional.of("there are no inputs, expected one with rows");
        }
        return inputs.names().stream()
                .map(it -> signature.input(it).orElseThrow())
                .filter(it -> !takesAnyNumber(it))
                .findFirst()
                .map(it -> "the model takes '" + it + "', expected a tensor with a dynamic first dimension");
    }

    private static boolean takesAnyNumber(ValueSpec spec) {
        return spec instanceof TensorSpec tensor
                && (!tensor.shape().isRankKnown()
                        || tensor.shape().rank() > 0 && tensor.shape().dimension(0) == Shape.DYNAMIC);
    }

    /** Tensors of this many rows: those of these tensors, again and again. */
    public static NamedValues repeat(NamedValues tensors, int rows) {
        Value[] repeated = new Value[tensors.size()];
        for (int i = 0; i < repeated.length; i++) {
            repeated[i] = repeat((Tensor) tensors.value(i), rows);
        }
        return NamedValues.of(tensors.names(), repeated);
    }

    /** A sequence of this many rows: those of this one, again and again. */
    public static SequenceValue repeat(SequenceValue sequence, int rows) {
        List<Value> had = sequence.elements();
        return new SequenceValue(IntStream.range(0, rows)
                .mapToObj(it -> had.get(it % had.size()))
                .toList());
    }

    /** A tensor of this many rows: those of this tensor, again and again. */
    public static Tensor repeat(Tensor tensor, int rows) {
        long[] dimensions = tensor.shape().toArray();
        int had = (int) dimensions[0];
        int rowElements = tensor.elementCount() / had;
        dimensions[0] = rows;
        if ((long) rows * rowElements * Math.max(8, tensor.type().sizeBytes()) > MAX_BYTES) {
            throw new InvalidRequestException("a batch of " + rows + " rows of " + rowElements
                    + " elements has more than " + MAX_BYTES + " bytes, expected at most that");
        }
        return tensor.type() == DataType.STRING
                ? texts(tensor, dimensions)
                : numbers(
                        tensor,
                        Shape.of(dimensions),
                        rowElements * tensor.type().sizeBytes());
    }

    private static Tensor texts(Tensor tensor, long[] dimensions) {
        String[] texts = new String[(int) Shape.of(dimensions).elementCount()];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = tensor.stringAt(i % tensor.elementCount());
        }
        return Tensor.ofStrings(texts, dimensions);
    }

    private static Tensor numbers(Tensor tensor, Shape shape, int rowBytes) {
        ByteBuffer source = tensor.bytes();
        ByteBuffer target =
                ByteBuffer.allocate((int) shape.dimension(0) * rowBytes).order(ByteOrder.nativeOrder());
        while (target.hasRemaining()) {
            target.put(source.clear().limit(Math.min(source.capacity(), target.remaining())));
        }
        return Tensor.copyOf(tensor.type(), target.flip(), shape);
    }
}
