package dev.kitchen.codec;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Value;
import java.util.ArrayList;
import java.util.List;

/** Records as a model's inputs, the way {@link RecordBinding} found out. */
final class RecordEncoder<I> implements Features.Encoder<I> {

    private final Class<I> type;
    private final List<String> names;
    private final InputColumns[] inputs;
    private final boolean takesManyRows;
    private final List<String> description;

    RecordEncoder(
            Class<I> type,
            List<String> names,
            List<InputColumns> inputs,
            boolean takesManyRows,
            List<String> description) {
        this.type = type;
        this.names = List.copyOf(names);
        this.inputs = inputs.toArray(InputColumns[]::new);
        this.takesManyRows = takesManyRows;
        this.description = List.copyOf(description);
    }

    @Override
    public NamedValues encode(I item) {
        if (item == null) {
            throw new InvalidRequestException("is null, expected a " + type.getSimpleName());
        }
        Value[] values = new Value[inputs.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = inputs[i].encode(item);
        }
        return NamedValues.of(names, values);
    }

    @Override
    public NamedValues encodeAll(List<I> items) {
        List<I> records = new ArrayList<>(items);
        int missing = records.indexOf(null);
        if (missing >= 0) {
            throw new InvalidRequestException("item " + missing + " is null, expected a " + type.getSimpleName());
        }
        Value[] values = new Value[inputs.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = inputs[i].encodeAll(records);
        }
        return NamedValues.of(names, values);
    }

    @Override
    public boolean takesManyRows() {
        return takesManyRows;
    }

    @Override
    public List<String> describe() {
        return description;
    }
}
