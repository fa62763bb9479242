package dev.kitchen.tensor;

import dev.kitchen.error.InvalidRequestException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** Tensors put below one another along their first dimension, and taken apart again. */
final class TensorRows {

    private TensorRows() {}

    /** Whether the tensors differ in their number of rows at most. */
    static boolean areAlike(Tensor one, Tensor other) {
        Shape shape = one.shape();
        Shape otherShape = other.shape();
        if (one.type() != other.type() || shape.rank() == 0 || shape.rank() != otherShape.rank()) {
            return false;
        }
        for (int i = 1; i < shape.rank(); i++) {
            if (shape.dimension(i) != otherShape.dimension(i)) {
                return false;
            }
        }
        return true;
    }

    static Tensor join(List<Tensor> tensors) {
        Tensor first = tensors.get(0);
        long rows = 0;
        for (Tensor tensor : tensors) {
            if (!areAlike(first, tensor)) {
                throw new InvalidRequestException("cannot put " + text(tensor) + " below " + text(first)
                        + ", expected tensors that differ in their first dimension at most");
            }
            rows += tensor.shape().dimension(0);
        }
        Shape shape = withRows(first.shape(), rows);
        return first.type() == DataType.STRING
                ? Tensor.owning(shape, joinedStrings(tensors, shape))
                : Tensor.owning(first.type(), shape, joinedBytes(tensors, first.type(), shape));
    }

    private static byte[] joinedBytes(List<Tensor> tensors, DataType type, Shape shape) {
        byte[] bytes = Storage.allocate(type, shape);
        ByteBuffer target = Storage.wrap(bytes);
        tensors.forEach(it -> it.copyTo(target));
        return bytes;
    }

    private static String[] joinedStrings(List<Tensor> tensors, Shape shape) {
        String[] strings = new String[Storage.requireIndexable(shape.elementCount())];
        int position = 0;
        for (Tensor tensor : tensors) {
            System.arraycopy(tensor.strings(), 0, strings, position, tensor.elementCount());
            position += tensor.elementCount();
        }
        return strings;
    }

    static Tensor part(Tensor tensor, int from, int count) {
        long rows = tensor.shape().rank() == 0 ? -1 : tensor.shape().dimension(0);
        if (from < 0 || count < 0 || (long) from + count > rows) {
            throw new InvalidRequestException("cannot take rows " + from + " to " + ((long) from + count) + " of "
                    + text(tensor) + ", expected some that it has");
        }
        Shape shape = withRows(tensor.shape(), count);
        int rowElements = rows == 0 ? 0 : (int) (tensor.elementCount() / rows);
        if (tensor.type() == DataType.STRING) {
            String[] part = Arrays.copyOfRange(tensor.strings(), from * rowElements, (from + count) * rowElements);
            return Tensor.owning(shape, part);
        }
        int rowBytes = rowElements * tensor.type().sizeBytes();
        byte[] part = new byte[count * rowBytes];
        tensor.buffer().get(from * rowBytes, part);
        return Tensor.owning(tensor.type(), shape, part);
    }

    private static Shape withRows(Shape shape, long rows) {
        long[] dimensions = shape.toArray();
        dimensions[0] = rows;
        return Shape.of(dimensions);
    }

    private static String text(Tensor tensor) {
        return tensor.type() + " " + tensor.shape();
    }
}
