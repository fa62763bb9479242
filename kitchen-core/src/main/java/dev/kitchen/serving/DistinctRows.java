package dev.kitchen.serving;

import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.util.ArrayList;
import java.util.List;

/** Rows that differ from one another, made of those there are: whoever mixes them up is found out. */
final class DistinctRows {

    private DistinctRows() {}

    /**
     * So many rows.
     *
     * @param given values of one row each, at least once
     * @throws dev.kitchen.error.InvalidRequestException if a number has no next one
     */
    static List<NamedValues> of(List<NamedValues> given, int count) {
        List<NamedValues> rows = new ArrayList<>(given);
        for (int i = rows.size(); i < count; i++) {
            rows.add(varied(given.get(0), i));
        }
        return rows;
    }

    /** So many rows that vary one, itself not among them: what it is full of may be zeros, and hide a sum. */
    static List<NamedValues> around(NamedValues row, int count) {
        List<NamedValues> rows = new ArrayList<>(count);
        for (int i = 1; i <= count; i++) {
            rows.add(varied(row, i));
        }
        return rows;
    }

    private static NamedValues varied(NamedValues row, int number) {
        Value[] values = new Value[row.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = row.value(i) instanceof Tensor tensor ? varied(tensor, number) : row.value(i);
        }
        return NamedValues.of(row.names(), values);
    }

    /** Fractions move by up to one, integers by one; booleans and texts mean something nobody knows here, and stay. */
    private static Tensor varied(Tensor tensor, int number) {
        if (tensor.type().isFloating()) {
            return variedFractions(tensor, number);
        }
        if (!tensor.type().isInteger() || number % 2 == 0) {
            return tensor;
        }
        long[] values = tensor.toLongArray();
        for (int i = 0; i < values.length; i++) {
            values[i]++;
        }
        return Tensor.of(values, tensor.shape().toArray()).convertTo(tensor.type());
    }

    private static Tensor variedFractions(Tensor tensor, int number) {
        float[] values = new float[tensor.elementCount()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (tensor.doubleAt(i) + Math.sin(1 + i + 7.0 * number));
        }
        Tensor varied = Tensor.of(values, tensor.shape().toArray());
        boolean narrow = tensor.type() == DataType.FLOAT16 || tensor.type() == DataType.BFLOAT16;
        return narrow ? varied.roundTo(tensor.type()) : varied.convertTo(tensor.type());
    }
}
