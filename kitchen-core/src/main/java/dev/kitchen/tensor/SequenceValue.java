package dev.kitchen.tensor;

import java.util.List;

/** An ordered list of values. Classic-ML classifiers answer with a sequence of maps, one per row. */
public record SequenceValue(List<Value> elements) implements Value {

    public SequenceValue {
        elements = List.copyOf(elements);
    }

    @Override
    public boolean isBorrowed() {
        return elements.stream().anyMatch(Value::isBorrowed);
    }

    @Override
    public Value owned() {
        return isBorrowed()
                ? new SequenceValue(elements.stream().map(Value::owned).toList())
                : this;
    }
}
