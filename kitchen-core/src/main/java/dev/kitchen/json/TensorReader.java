package dev.kitchen.json;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser.NumberType;
import tools.jackson.core.JsonToken;

/** Reads one tensor object: name, shape, datatype, data, in any order. */
final class TensorReader {

    private static final long NOT_SEEN = -1;

    private final JsonCursor cursor;
    private final int maxBytes;
    private final String outerPlace;
    private String place;
    private String name = "";
    private @Nullable DataType type;
    private @Nullable Shape shape;
    private @Nullable Tensor tensor;
    private long dataOffset = NOT_SEEN;

    /** A tensor and what it is called. */
    record Named(String name, Tensor tensor) {}

    private TensorReader(String place, JsonCursor cursor, int maxBytes) {
        this.cursor = cursor;
        this.maxBytes = maxBytes;
        this.outerPlace = place;
        this.place = place;
    }

    /** Reads the object that the cursor stands on. */
    static Named read(String place, JsonCursor cursor, int maxBytes) {
        TensorReader reader = new TensorReader(place, cursor, maxBytes);
        cursor.expect(place, JsonToken.START_OBJECT);
        while (cursor.nextProperty()) {
            reader.property(cursor.name());
        }
        return reader.finish();
    }

    private void property(String property) {
        switch (property) {
            case "name" -> {
                cursor.next();
                name = cursor.text(outerPlace + ": name");
                place = "request: input '" + Texts.shown(name) + "'";
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
                                ? "the dimension " + Texts.shown(cursor.parser().getString())
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
            tensor = DataReader.read(place + ": data", cursor, type, shape, maxBytes);
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
            return DataReader.read(place + ": data", second, knownType, knownShape, maxBytes);
        }
    }
}
