package dev.kitchen.onnx.scan;

import dev.kitchen.onnx.graph.Dimension;
import dev.kitchen.onnx.graph.ElementType;
import dev.kitchen.onnx.graph.ValueInfo;
import dev.kitchen.onnx.graph.ValueType;
import dev.kitchen.tensor.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the name and the declared type of a value: ONNX's {@code ValueInfoProto} and {@code TypeProto}. */
final class ValueReader {

    private final ProtoReader reader;
    private final GraphBudget budget;

    ValueReader(ProtoReader reader, GraphBudget budget) {
        this.reader = reader;
        this.budget = budget;
    }

    /** Reads the value that the reader stands on. */
    ValueInfo value() throws IOException {
        ValueType[] type = {ValueType.UNKNOWN};
        String[] name = {""};
        SingleFields single = new SingleFields(reader);
        reader.readMessage(number -> {
            switch (number) {
                case 1 -> name[0] = budget.name(reader.text());
                case 2 -> {
                    single.require(number);
                    type[0] = type();
                }
                default -> {}
            }
        });
        budget.take(GraphBudget.OBJECT_BYTES);
        return new ValueInfo(name[0], type[0]);
    }

    private ValueType type() throws IOException {
        ValueType[] type = {ValueType.UNKNOWN};
        SingleFields single = new SingleFields(reader);
        reader.readMessage(number -> {
            switch (number) {
                case 1, 4, 5, 8, 9 -> {
                    single.require(number);
                    type[0] = typeOf(number);
                }
                default -> {}
            }
        });
        budget.take(GraphBudget.OBJECT_BYTES);
        return type[0];
    }

    private ValueType typeOf(int number) throws IOException {
        return switch (number) {
            case 1 -> tensor();
            case 4 -> new ValueType.SequenceOf(element());
            case 5 -> map();
            case 8 -> new ValueType.SparseTensorOf(tensor().element());
            default -> new ValueType.OptionalOf(element());
        };
    }

    private ValueType element() throws IOException {
        ValueType[] type = {ValueType.UNKNOWN};
        SingleFields single = new SingleFields(reader);
        reader.readMessage(number -> {
            if (number == 1) {
                single.require(number);
                type[0] = type();
            }
        });
        return type[0];
    }

    private ValueType map() throws IOException {
        ElementType[] key = {ElementType.UNDEFINED};
        ValueType[] value = {ValueType.UNKNOWN};
        SingleFields single = new SingleFields(reader);
        reader.readMessage(number -> {
            if (number == 1) {
                key[0] = ElementType.of(reader.integer());
            } else if (number == 2) {
                single.require(number);
                value[0] = type();
            }
        });
        return new ValueType.MapOf(key[0], value[0]);
    }

    private ValueType.TensorOf tensor() throws IOException {
        ElementType[] element = {ElementType.UNDEFINED};
        List<Dimension> dimensions = new ArrayList<>();
        boolean[] rankKnown = {false};
        SingleFields single = new SingleFields(reader);
        reader.readMessage(number -> {
            if (number == 1) {
                element[0] = ElementType.of(reader.integer());
            } else if (number == 2) {
                single.require(number);
                rankKnown[0] = true;
                readShape(dimensions);
            }
        });
        return new ValueType.TensorOf(element[0], rankKnown[0] ? Optional.of(dimensions) : Optional.empty());
    }

    private void readShape(List<Dimension> dimensions) throws IOException {
        reader.readMessage(number -> {
            if (number == 1) {
                if (dimensions.size() == Shape.MAX_RANK) {
                    throw reader.damaged("declares a value of more than " + Shape.MAX_RANK + " dimensions");
                }
                dimensions.add(dimension());
            }
        });
    }

    private Dimension dimension() throws IOException {
        Dimension[] dimension = {Dimension.UNKNOWN};
        reader.readMessage(number -> {
            if (number == 1) {
                dimension[0] = fixed(reader.integer());
            } else if (number == 2) {
                dimension[0] = symbolic(budget.name(reader.text()));
            }
        });
        return dimension[0];
    }

    private Dimension fixed(long size) {
        budget.take(GraphBudget.OBJECT_BYTES);
        return size < 0 ? Dimension.UNKNOWN : new Dimension(size, "");
    }

    private Dimension symbolic(String symbol) {
        budget.take(GraphBudget.OBJECT_BYTES);
        return symbol.isEmpty() ? Dimension.UNKNOWN : new Dimension(-1, symbol);
    }
}
