package dev.kitchen.json;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.MessageText;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser.NumberType;
import tools.jackson.core.JsonToken;

/** Reads one tensor object: name, shape, datatype, data, in any order; or, in a bundle, scores without the middle two. */
final class TensorReader {

    private static final long NOT_SEEN = -1;

    private final JsonCursor cursor;
    private final int maxBytes;
    private final Dialect dialect;
    private final String kind;
    private final String outerPlace;
    private String place;
    private String name = "";
    private @Nullable DataType type;
    private @Nullable Shape shape;
    private @Nullable Tensor tensor;
    private long dataOffset = NOT_SEEN;

    /** What is taken besides the protocol's tensors. */
    enum Dialect {
        /** Nothing. */
        PROTOCOL,
        /** 16-bit floats as numbers, of which the nearest is taken. */
        ROUNDING,
        /** Scores too: an array of objects as data, without datatype and shape. */
        ROUNDING_WITH_SCORES
    }

    /** A value and what it is called. */
    record Named(String name, Value value) {}

    private TensorReader(String kind, int index, JsonCursor cursor, int maxBytes, Dialect dialect) {
        this.cursor = cursor;
        this.maxBytes = maxBytes;
        this.dialect = dialect;
        this.kind = kind;
        this.outerPlace = kind + "s[" + index + "]";
        this.place = outerPlace;
    }

    /**
     * Reads the object that the cursor stands on.
     *
     * @param kind what the tensor is, as the beginning of a message: {@code request: input}
     * @param index its place among those of its kind
     */
    static Named read(String kind, int index, JsonCursor cursor, int maxBytes, Dialect dialect) {
        return new TensorReader(kind, index, cursor, maxBytes, dialect).read();
    }

    private Named read() {
        cursor.expect(outerPlace, JsonToken.START_OBJECT);
        while (cursor.nextProperty()) {
            property(cursor.name());
        }
        return finish();
    }

    private void property(String property) {
        switch (property) {
            case "name" -> {
                cursor.next();
                name = cursor.shortText(outerPlace + ": name");
                place = kind + " '" + MessageText.of(name) + "'";
            }
            case "datatype" -> {
                cursor.next();
                type = Datatypes.parse(place, cursor.text(place + ": datatype"));
            }
            case "shape" -> shape = shape();
            case "data" -> data();
            case "parameters" -> requireNoBinaryData();
            default -> cursor.skipValue();
        }
    }

    private void requireNoBinaryData() {
        if (cursor.parameters(place + ": parameter").containsKey("binary_data_size")) {
            throw new InvalidRequestException(place + ": its data is to follow as binary, expected data as JSON");
        }
    }

    private Shape shape() {
        cursor.expectNext(place + ": shape", JsonToken.START_ARRAY);
        List<Long> dimensions = new ArrayList<>();
        while (cursor.next() != JsonToken.END_ARRAY) {
            cursor.expect(place + ": shape", JsonToken.VALUE_NUMBER_INT);
            boolean wide = cursor.parser().getNumberType() == NumberType.BIG_INTEGER;
            long dimension = wide ? -1 : cursor.parser().getLongValue();
            if (dimension < 0 || dimensions.size() == Shape.MAX_RANK) {
                throw new InvalidRequestException(place + ": shape has "
                        + (dimension < 0
                                ? "the dimension "
                                        + MessageText.of(cursor.parser().getString())
                                : "more than " + Shape.MAX_RANK + " dimensions")
                        + ", expected at most " + Shape.MAX_RANK + " whole numbers, none below 0");
            }
            dimensions.add(dimension);
        }
        try {
            return Shape.of(dimensions.stream().mapToLong(Long::longValue).toArray());
        } catch (InvalidRequestException e) {
            throw new InvalidRequestException(place + ": " + e.getMessage(), e);
        }
    }

    /** Data that comes before its shape and type is passed over, and read once they are known. */
    private void data() {
        cursor.next();
        if (type != null && shape != null) {
            tensor = elements(cursor, type, shape);
            return;
        }
        dataOffset = cursor.offset();
        if (dataOffset < 0) {
            throw new InvalidRequestException(place + ": data comes before shape and datatype, expected it after them");
        }
        cursor.parser().skipChildren();
    }

    private Named finish() {
        if (name.isEmpty()) {
            throw new InvalidRequestException(outerPlace + ": has no name, expected one");
        }
        if (type == null && shape == null && dataOffset != NOT_SEEN && dialect == Dialect.ROUNDING_WITH_SCORES) {
            return new Named(name, readScores());
        }
        if (type == null || shape == null) {
            throw new InvalidRequestException(
                    place + ": has no " + (type == null ? "datatype" : "shape") + ", expected one");
        }
        if (tensor == null && dataOffset == NOT_SEEN) {
            throw new InvalidRequestException(place + ": has no data, expected " + shape.elementCount() + " elements");
        }
        return new Named(name, tensor == null ? readLate(type, shape) : tensor);
    }

    private Tensor readLate(DataType knownType, Shape knownShape) {
        try (JsonCursor second = cursor.reopenAt(dataOffset)) {
            second.next();
            return elements(second, knownType, knownShape);
        }
    }

    private Value readScores() {
        try (JsonCursor second = cursor.reopenAt(dataOffset)) {
            second.next();
            return ScoresReader.read(place + ": data", second);
        }
    }

    private Tensor elements(JsonCursor from, DataType knownType, Shape knownShape) {
        String here = place + ": data";
        if (dialect == Dialect.PROTOCOL || !(knownType == DataType.FLOAT16 || knownType == DataType.BFLOAT16)) {
            return DataReader.read(here, from, knownType, knownShape, maxBytes);
        }
        Tensor floats = DataReader.read(here, from, DataType.FLOAT, knownShape, maxBytes);
        Tensor rounded = floats.roundTo(knownType);
        for (int i = 0; i < floats.elementCount(); i++) {
            if (Float.isInfinite(rounded.floatAt(i)) && !Float.isInfinite(floats.floatAt(i))) {
                throw new InvalidRequestException(here + "[" + i + "]: is " + floats.floatAt(i)
                        + ", which is out of the range of " + Datatypes.name(knownType));
            }
        }
        return rounded;
    }
}
