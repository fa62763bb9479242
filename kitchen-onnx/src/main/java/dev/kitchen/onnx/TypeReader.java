package dev.kitchen.onnx;

import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.MapSpec;
import dev.kitchen.tensor.OptionalSpec;
import dev.kitchen.tensor.SequenceSpec;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.ValueSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the declared type of one input or output: ONNX's {@code ValueInfoProto} and {@code TypeProto}. */
final class TypeReader {

    /** ONNX's numbers for element types, from 0. Those without a name here Kitchen does not know. */
    private static final List<Optional<DataType>> ELEMENT_TYPES = List.of(
            Optional.empty(),
            Optional.of(DataType.FLOAT),
            Optional.of(DataType.UINT8),
            Optional.of(DataType.INT8),
            Optional.of(DataType.UINT16),
            Optional.of(DataType.INT16),
            Optional.of(DataType.INT32),
            Optional.of(DataType.INT64),
            Optional.of(DataType.STRING),
            Optional.of(DataType.BOOL),
            Optional.of(DataType.FLOAT16),
            Optional.of(DataType.DOUBLE),
            Optional.of(DataType.UINT32),
            Optional.of(DataType.UINT64),
            Optional.empty(),
            Optional.empty(),
            Optional.of(DataType.BFLOAT16));

    private final ProtoReader reader;

    TypeReader(ProtoReader reader) {
        this.reader = reader;
    }

    static Optional<DataType> elementType(long number) {
        return number >= 0 && number < ELEMENT_TYPES.size() ? ELEMENT_TYPES.get((int) number) : Optional.empty();
    }

    /** What is known while a value is being read. */
    private static final class Draft {
        private String name = "";
        private Optional<ValueSpec> spec = Optional.empty();
        private boolean rankKnown = true;
    }

    OnnxValue value() throws IOException {
        Draft draft = new Draft();
        reader.readMessage(number -> {
            switch (number) {
                case 1 -> draft.name = reader.text();
                case 2 -> draft.spec = type();
                default -> {}
            }
        });
        Optional<ValueSpec> named = draft.spec.map(it -> named(draft.name, it));
        boolean rankKnown = !(named.isPresent()
                && named.get() instanceof TensorSpec tensor
                && !tensor.shape().isRankKnown());
        return new OnnxValue(draft.name, rankKnown, named);
    }

    private static ValueSpec named(String name, ValueSpec spec) {
        if (spec instanceof TensorSpec tensor) {
            return new TensorSpec(name, tensor.type(), tensor.shape(), tensor.dimensionNames());
        } else if (spec instanceof SequenceSpec sequence) {
            return new SequenceSpec(name, sequence.element());
        } else if (spec instanceof MapSpec map) {
            return new MapSpec(name, map.keyType(), map.valueType());
        }
        return new OptionalSpec(name, ((OptionalSpec) spec).element());
    }

    private Optional<ValueSpec> type() throws IOException {
        Draft draft = new Draft();
        reader.readMessage(number -> {
            switch (number) {
                case 1 -> draft.spec = tensor();
                case 4 -> draft.spec = element().map(it -> new SequenceSpec("", it));
                case 5 -> draft.spec = map();
                case 9 -> draft.spec = element().map(it -> new OptionalSpec("", it));
                default -> {}
            }
        });
        return draft.spec;
    }

    private Optional<ValueSpec> element() throws IOException {
        Draft draft = new Draft();
        reader.readMessage(number -> {
            if (number == 1) {
                draft.spec = type();
            }
        });
        return draft.spec;
    }

    private Optional<ValueSpec> map() throws IOException {
        List<Optional<DataType>> types = new ArrayList<>(List.of(Optional.empty(), Optional.empty()));
        reader.readMessage(number -> {
            if (number == 1) {
                types.set(0, elementType(reader.integer()));
            } else if (number == 2) {
                types.set(1, type().flatMap(TypeReader::scalarType));
            }
        });
        return types.get(0).flatMap(key -> types.get(1).map(value -> new MapSpec("", key, value)));
    }

    private static Optional<DataType> scalarType(ValueSpec spec) {
        return spec instanceof TensorSpec tensor ? Optional.of(tensor.type()) : Optional.empty();
    }

    private Optional<ValueSpec> tensor() throws IOException {
        List<Optional<DataType>> type = new ArrayList<>(List.of(Optional.empty()));
        List<Long> dimensions = new ArrayList<>();
        List<String> names = new ArrayList<>();
        Draft draft = new Draft();
        draft.rankKnown = false;
        reader.readMessage(number -> {
            if (number == 1) {
                type.set(0, elementType(reader.integer()));
            } else if (number == 2) {
                draft.rankKnown = true;
                reader.readMessage(inner -> {
                    if (inner == 1) {
                        dimension(dimensions, names);
                    }
                });
            }
        });
        return type.get(0).map(it -> spec(it, draft.rankKnown, dimensions, names));
    }

    private ValueSpec spec(DataType type, boolean rankKnown, List<Long> dimensions, List<String> names) {
        if (!rankKnown) {
            return new TensorSpec("", type, Shape.UNKNOWN);
        }
        long[] shape = dimensions.stream().mapToLong(Long::longValue).toArray();
        try {
            return new TensorSpec("", type, Shape.of(shape), names);
        } catch (dev.kitchen.error.InvalidRequestException e) {
            throw reader.damaged("declares a value whose " + e.getMessage());
        }
    }

    private void dimension(List<Long> dimensions, List<String> names) throws IOException {
        if (dimensions.size() > Shape.MAX_RANK) {
            throw reader.damaged("declares a value of more than " + Shape.MAX_RANK + " dimensions");
        }
        dimensions.add(Shape.DYNAMIC);
        names.add("");
        int last = dimensions.size() - 1;
        reader.readMessage(number -> {
            if (number == 1) {
                dimensions.set(last, Math.max(Shape.DYNAMIC, reader.integer()));
                names.set(last, "");
            } else if (number == 2) {
                dimensions.set(last, Shape.DYNAMIC);
                names.set(last, reader.text());
            }
        });
    }
}
