package dev.kitchen.proof;

import dev.kitchen.compare.MadeUpRows;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.GoldenCase;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.session.InputBinding;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.util.ArrayList;
import java.util.List;

/** Single rows of golden cases, and rows a little different from them where the cases have too few. */
final class GoldenRows {

    private GoldenRows() {}

    /**
     * At most so many rows, of one shape; none if the cases have none.
     *
     * @throws dev.kitchen.error.InvalidRequestException if a case does not fit the signature
     */
    static List<NamedValues> of(List<GoldenCase> cases, ModelSignature signature, int count) {
        List<NamedValues> rows = new ArrayList<>();
        for (GoldenCase golden : cases) {
            NamedValues inputs = new InputBinding("golden case '" + golden.name() + "'", signature)
                    .bind(PredictionRequest.of(golden.inputs(), CallOptions.defaults()));
            for (int i = 0; i < inputs.rowCount() && rows.size() < count; i++) {
                NamedValues row = inputs.rows(i, 1);
                if (!rows.contains(row) && (rows.isEmpty() || rows.get(0).joinsWith(row))) {
                    rows.add(row);
                }
            }
        }
        for (int i = rows.size(); i > 0 && i < count; i++) {
            rows.add(varied(rows.get(0), i));
        }
        return rows;
    }

    private static NamedValues varied(NamedValues row, int number) {
        Value[] values = new Value[row.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = varied(row.tensor(row.name(i)), number);
        }
        return NamedValues.of(row.names(), values);
    }

    /** Fractions move by up to one, integers towards zero; booleans and texts stay, as no others are known. */
    private static Tensor varied(Tensor tensor, int number) {
        if (tensor.type().isFloating()) {
            double[] values = new double[tensor.elementCount()];
            for (int i = 0; i < values.length; i++) {
                values[i] = tensor.doubleAt(i) + Math.sin(1 + i + 7.0 * number);
            }
            return MadeUpRows.fractions(tensor.type(), values, tensor.shape());
        }
        if (!tensor.type().isInteger()) {
            return tensor;
        }
        long[] values = tensor.toLongArray();
        for (int i = 0; i < values.length; i++) {
            values[i] -= values[i] > number && (i + number) % 2 == 0 ? number : 0;
        }
        return Tensor.of(values, tensor.shape().toArray()).convertTo(tensor.type());
    }
}
