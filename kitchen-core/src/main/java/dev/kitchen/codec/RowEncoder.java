package dev.kitchen.codec;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.MessageText;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.Value;
import java.util.ArrayList;
import java.util.List;

/** Rows of floats as the one matrix a model takes. */
final class RowEncoder implements Features.Encoder<float[]> {

    private final TensorSpec spec;
    private final List<String> names;
    private final long columns;

    RowEncoder(TensorSpec spec) {
        this.spec = spec;
        this.names = List.of(spec.name());
        this.columns = spec.shape().dimension(1);
    }

    @Override
    public NamedValues encode(float[] item) {
        requireLength("row", item, columns);
        return NamedValues.of(names, new Value[] {Tensor.of(item, 1, item.length)});
    }

    @Override
    public NamedValues encodeAll(List<float[]> items) {
        List<float[]> rows = new ArrayList<>(items);
        long expected = columns == Shape.DYNAMIC && rows.get(0) != null ? rows.get(0).length : columns;
        for (int i = 0; i < rows.size(); i++) {
            requireLength("item " + i, rows.get(i), expected);
        }
        return NamedValues.of(names, new Value[] {Tensor.ofRows(rows.toArray(float[][]::new))});
    }

    private static void requireLength(String place, float[] row, long expected) {
        if (row == null) {
            throw new InvalidRequestException(place + " is null, expected floats");
        }
        if (expected != Shape.DYNAMIC && row.length != expected) {
            throw new InvalidRequestException(place + " has " + row.length + " numbers, expected " + expected);
        }
    }

    @Override
    public boolean takesManyRows() {
        return spec.shape().dimension(0) == Shape.DYNAMIC;
    }

    @Override
    public List<String> describe() {
        String last = columns == Shape.DYNAMIC ? "" : String.valueOf(columns - 1);
        return List.of("row[0.." + last + "] (float) -> " + MessageText.of(spec));
    }
}
