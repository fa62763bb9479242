package dev.kitchen.json;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.MessageText;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import java.math.BigInteger;
import java.util.Arrays;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonParser.NumberType;
import tools.jackson.core.JsonToken;

/** Reads a tensor's data, flat or nested as its shape is, straight into memory. */
final class DataReader {

    private static final int UNSEEN = -1;
    private static final BigInteger MOST_UINT64 = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    private final String place;
    private final JsonCursor cursor;
    private final JsonParser parser;
    private final DataType type;
    private final Shape shape;
    private final ElementCollector elements;
    /** How long the arrays at each depth are, once the first one is read. */
    private final int[] lengths = new int[Shape.MAX_RANK];
    /** The depth that elements stand at. */
    private int elementDepth = UNSEEN;

    private int deepest;

    private DataReader(String place, JsonCursor cursor, DataType type, Shape shape, int maxBytes) {
        this.place = place;
        this.cursor = cursor;
        this.parser = cursor.parser();
        this.type = type;
        this.shape = shape;
        this.elements = new ElementCollector(place, type, maxBytes);
        Arrays.fill(lengths, UNSEEN);
    }

    /** Reads the array that the cursor stands on. */
    static Tensor read(String place, JsonCursor cursor, DataType type, Shape shape, int maxBytes) {
        if (type == DataType.FLOAT16 || type == DataType.BFLOAT16) {
            throw new InvalidRequestException(place + ": receiving " + Datatypes.name(type)
                    + " data as JSON is not supported, expected the binary data format");
        }
        DataReader reader = new DataReader(place, cursor, type, shape, maxBytes);
        cursor.expect(place, JsonToken.START_ARRAY);
        reader.array(0);
        reader.checkShape();
        return reader.elements.toTensor(shape);
    }

    private void array(int depth) {
        if (depth == Shape.MAX_RANK) {
            throw new InvalidRequestException(
                    place + ": nests deeper than " + Shape.MAX_RANK + " dimensions, expected shape " + shape);
        }
        deepest = Math.max(deepest, depth);
        int length = 0;
        while (cursor.next() != JsonToken.END_ARRAY) {
            length++;
            if (parser.currentToken() == JsonToken.START_ARRAY) {
                array(depth + 1);
            } else {
                element(depth);
            }
        }
        if (lengths[depth] == UNSEEN) {
            lengths[depth] = length;
        } else if (lengths[depth] != length) {
            throw new InvalidRequestException(place + ": is ragged, an array of " + length + " stands beside one of "
                    + lengths[depth] + ", expected shape " + shape);
        }
    }

    private void element(int depth) {
        if (elementDepth == UNSEEN) {
            elementDepth = depth;
        }
        if (elementDepth != depth || elements.count() >= shape.elementCount()) {
            throw new InvalidRequestException(place + ": "
                    + (elementDepth != depth ? "is ragged" : "has more than " + shape.elementCount() + " elements")
                    + ", expected shape " + shape);
        }
        switch (type) {
            case STRING -> elements.add(cursor.text(here()));
            case BOOL -> elements.addInteger(bool());
            case FLOAT -> elements.addFloat(floatValue());
            case DOUBLE -> elements.addDouble(doubleValue());
            case UINT64 -> elements.addInteger(unsignedLong());
            default -> elements.addInteger(integer());
        }
    }

    private void checkShape() {
        boolean flat = deepest == 0;
        if (elements.count() != shape.elementCount()) {
            throw new InvalidRequestException(place + ": has " + elements.count() + " elements, expected "
                    + shape.elementCount() + " for shape " + shape);
        }
        boolean emptyInside = shape.elementCount() == 0;
        for (int i = 0; !flat && i <= deepest; i++) {
            boolean fits = i < shape.rank() && lengths[i] == shape.dimension(i);
            if (!fits || (deepest + 1 < shape.rank() && !emptyInside)) {
                throw new InvalidRequestException(place + ": is nested as "
                        + Arrays.toString(Arrays.copyOf(lengths, deepest + 1)) + ", expected shape " + shape);
            }
        }
    }

    private String here() {
        return place + "[" + elements.count() + "]";
    }

    private long bool() {
        return switch (parser.currentToken()) {
            case VALUE_TRUE -> 1;
            case VALUE_FALSE -> 0;
            default -> throw cursor.wrong(here(), "true or false");
        };
    }

    private float floatValue() {
        requireNumber();
        float value = parser.getFloatValue();
        requireInRange(Float.isInfinite(value));
        return value;
    }

    private double doubleValue() {
        requireNumber();
        double value = parser.getDoubleValue();
        requireInRange(Double.isInfinite(value));
        return value;
    }

    private void requireNumber() {
        if (!parser.currentToken().isNumeric()) {
            throw cursor.wrong(here(), "a number");
        }
    }

    /** A number may be infinite where that word is written, not where its digits are too many. */
    private void requireInRange(boolean infinite) {
        if (infinite && !parser.isNaN()) {
            throw outOfRange();
        }
    }

    private long integer() {
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            throw cursor.wrong(here(), "a whole number");
        }
        if (parser.getNumberType() == NumberType.BIG_INTEGER) {
            throw outOfRange();
        }
        long value = parser.getLongValue();
        int bits = type.sizeBytes() * 8;
        long least = type.isUnsigned() ? 0 : -1L << (bits - 1);
        long most = bits == 64 ? Long.MAX_VALUE : (1L << (type.isUnsigned() ? bits : bits - 1)) - 1;
        if (value < least || value > most) {
            throw outOfRange();
        }
        return value;
    }

    private long unsignedLong() {
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            throw cursor.wrong(here(), "a whole number");
        }
        BigInteger value = parser.getBigIntegerValue();
        if (value.signum() < 0 || value.compareTo(MOST_UINT64) > 0) {
            throw outOfRange();
        }
        return value.longValue();
    }

    private InvalidRequestException outOfRange() {
        return new InvalidRequestException(here() + ": is " + MessageText.of(parser.getString())
                + ", which is out of the range of " + Datatypes.name(type));
    }
}
