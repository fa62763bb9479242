package dev.kitchen.codec;

import dev.kitchen.error.InferenceException;
import dev.kitchen.error.MessageText;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.MapSpec;
import dev.kitchen.tensor.MapValue;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.SequenceSpec;
import dev.kitchen.tensor.SequenceValue;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.Value;
import dev.kitchen.tensor.ValueSpec;

/** Finds one row in an output, and makes sure that it is the row that was asked for. */
final class Rows {

    private Rows() {}

    /** FLOAT or DOUBLE numbers, of shape [rows, columns]. */
    static boolean areScores(ValueSpec spec) {
        return spec instanceof TensorSpec tensor
                && (tensor.type() == DataType.FLOAT || tensor.type() == DataType.DOUBLE)
                && tensor.shape().rank() == 2;
    }

    /** What scikit-learn's ZipMap makes: a map from each class to its score for every row. */
    static boolean areMaps(ValueSpec spec) {
        return spec instanceof SequenceSpec sequence
                && sequence.element() instanceof MapSpec map
                && (map.valueType() == DataType.FLOAT || map.valueType() == DataType.DOUBLE);
    }

    /** Integers or texts, one a row. */
    static boolean areClasses(ValueSpec spec) {
        return spec instanceof TensorSpec tensor
                && (tensor.type().isInteger() || tensor.type() == DataType.STRING)
                && isOneColumn(tensor.shape());
    }

    private static boolean isOneColumn(Shape shape) {
        return shape.rank() == 1 || (shape.rank() == 2 && shape.dimension(1) == 1);
    }

    /** The output, which has that many rows. */
    static Tensor tensor(String name, NamedValues outputs, int rows) {
        Tensor tensor = outputs.tensor(name);
        if (tensor.shape().rank() == 0 || tensor.shape().dimension(0) != rows) {
            throw new InferenceException(place(name) + " has shape " + tensor.shape() + " for " + rows + " rows");
        }
        return tensor;
    }

    /** The map of one row, in an output that has that many. */
    static MapValue map(String name, NamedValues outputs, int row, int rows) {
        Value value = outputs.value(name);
        if (value instanceof SequenceValue sequence
                && sequence.elements().size() == rows
                && sequence.elements().get(row) instanceof MapValue map) {
            return map;
        }
        throw new InferenceException(place(name) + " is " + MessageText.of(value) + ", expected " + rows + " maps");
    }

    static String place(String name) {
        return "output '" + MessageText.of(name) + "'";
    }

    static String place(String name, int row, int rows) {
        return place(name) + (rows == 1 ? "" : ", row " + row);
    }
}
