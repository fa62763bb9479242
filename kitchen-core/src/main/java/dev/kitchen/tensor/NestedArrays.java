package dev.kitchen.tensor;

import dev.kitchen.error.InvalidRequestException;
import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.List;

/** Plain Java arrays of any rank, flattened row by row and back. */
final class NestedArrays {

    private NestedArrays() {}

    static Tensor toTensor(Object value) {
        Object array = value instanceof List<?> list ? NestedLists.toArray(list) : value;
        Layout layout = layout(array);
        Object flat = flatten(array, layout);
        long[] shape = layout.shape().toArray();
        if (flat instanceof float[] data) {
            return Tensor.of(data, shape);
        } else if (flat instanceof double[] data) {
            return Tensor.of(data, shape);
        } else if (flat instanceof int[] data) {
            return Tensor.of(data, shape);
        } else if (flat instanceof long[] data) {
            return Tensor.of(data, shape);
        } else if (flat instanceof short[] data) {
            return Tensor.of(data, shape);
        } else if (flat instanceof byte[] data) {
            return Tensor.of(data, shape);
        } else if (flat instanceof boolean[] data) {
            return Tensor.of(data, shape);
        } else if (flat instanceof String[] data) {
            return Tensor.ofStrings(data, shape);
        }
        throw new InvalidRequestException("elements are "
                + layout.elementClass().getSimpleName()
                + ", expected float, double, byte, short, int, long, boolean or String");
    }

    /** All elements in the smallest Java type that holds the tensor's. */
    static Object flatArray(Tensor tensor) {
        return switch (tensor.type()) {
            case FLOAT, FLOAT16, BFLOAT16 -> tensor.toFloatArray();
            case DOUBLE -> tensor.toDoubleArray();
            case INT8 -> tensor.toByteArray();
            case INT16, UINT8 -> tensor.toShortArray();
            case INT32, UINT16 -> tensor.toIntArray();
            case INT64, UINT32, UINT64 -> tensor.toLongArray();
            case BOOL -> tensor.toBooleanArray();
            case STRING -> tensor.toStringArray();
        };
    }

    /** All elements as the element type of an array class of the same rank. */
    static Object flatArray(Tensor tensor, Class<?> arrayClass) {
        Class<?> element = arrayClass;
        int rank = 0;
        while (element.isArray()) {
            element = element.getComponentType();
            rank++;
        }
        if (rank != tensor.shape().rank()) {
            throw new InvalidRequestException("tensor has shape " + tensor.shape() + ", expected rank " + rank + " for "
                    + arrayClass.getSimpleName());
        }
        if (rank == 0) {
            element = MethodType.methodType(element).unwrap().returnType();
        }
        if (element == float.class) {
            return tensor.toFloatArray();
        } else if (element == double.class) {
            return tensor.toDoubleArray();
        } else if (element == int.class) {
            return tensor.toIntArray();
        } else if (element == long.class) {
            return tensor.toLongArray();
        } else if (element == short.class) {
            return tensor.toShortArray();
        } else if (element == byte.class) {
            return tensor.toByteArray();
        } else if (element == boolean.class) {
            return tensor.toBooleanArray();
        } else if (element == String.class) {
            return tensor.toStringArray();
        }
        throw new InvalidRequestException("cannot make a " + arrayClass.getSimpleName() + ", expected elements that are"
                + " float, double, byte, short, int, long, boolean or String");
    }

    /** Rank, element class and dimensions of an array whose rows are all equally long. */
    record Layout(Class<?> elementClass, Shape shape) {}

    static Layout layout(Object array) {
        Class<?> type = array.getClass();
        int rank = 0;
        while (type.isArray()) {
            type = type.getComponentType();
            rank++;
        }
        if (rank == 0) {
            return new Layout(MethodType.methodType(type).unwrap().returnType(), Shape.SCALAR);
        }
        long[] dimensions = new long[rank];
        Object row = array;
        for (int axis = 0; axis < rank; axis++) {
            int length = Array.getLength(row);
            dimensions[axis] = length;
            if (length == 0 || axis == rank - 1) {
                break;
            }
            row = Array.get(row, 0);
            if (row == null) {
                throw nullRow(axis + 1);
            }
        }
        return new Layout(type, Shape.of(dimensions));
    }

    /** Copies all elements, outermost dimension first, into a one-dimensional array of the element class. */
    static Object flatten(Object array, Layout layout) {
        long count = layout.shape().elementCount();
        if (layout.elementClass() == void.class) {
            throw new InvalidRequestException("elements are Void, expected numbers, booleans or strings");
        }
        Object flat = Array.newInstance(layout.elementClass(), Storage.requireIndexable(count));
        if (layout.shape().rank() == 0) {
            Array.set(flat, 0, array);
        } else {
            flatten(array, layout.shape().toArray(), 0, flat, 0);
        }
        return flat;
    }

    private static int flatten(Object row, long[] dimensions, int axis, Object flat, int position) {
        int length = Array.getLength(row);
        if (length != dimensions[axis]) {
            throw new InvalidRequestException("array is ragged: a row of dimension " + axis + " has " + length
                    + " elements, expected " + dimensions[axis] + " as in the first row");
        }
        if (axis == dimensions.length - 1) {
            System.arraycopy(row, 0, flat, position, length);
            return position + length;
        }
        int next = position;
        for (int i = 0; i < length; i++) {
            Object inner = Array.get(row, i);
            if (inner == null) {
                throw nullRow(axis + 1);
            }
            next = flatten(inner, dimensions, axis + 1, flat, next);
        }
        return next;
    }

    private static InvalidRequestException nullRow(int axis) {
        return new InvalidRequestException("array has a null row in dimension " + axis + ", expected an array");
    }

    /** The opposite of {@link #flatten}: an array of as many dimensions as the shape has, or the only element. */
    static Object unflatten(Object flat, Shape shape) {
        if (shape.rank() == 0) {
            return Array.get(flat, 0);
        }
        int[] dimensions = Arrays.stream(shape.toArray())
                .mapToInt(Storage::requireIndexable)
                .toArray();
        Object array = Array.newInstance(flat.getClass().getComponentType(), dimensions);
        unflatten(flat, 0, array, dimensions, 0);
        return array;
    }

    private static int unflatten(Object flat, int position, Object row, int[] dimensions, int axis) {
        if (axis == dimensions.length - 1) {
            System.arraycopy(flat, position, row, 0, dimensions[axis]);
            return position + dimensions[axis];
        }
        int next = position;
        for (int i = 0; i < dimensions[axis]; i++) {
            next = unflatten(flat, next, Array.get(row, i), dimensions, axis + 1);
        }
        return next;
    }
}
