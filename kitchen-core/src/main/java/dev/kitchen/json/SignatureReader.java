package dev.kitchen.json;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.MessageText;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.MapSpec;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.OptionalSpec;
import dev.kitchen.tensor.SequenceSpec;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.ValueSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser.NumberType;
import tools.jackson.core.JsonToken;

/**
 * Reads what a model is to take and return, as {@link SignatureWriter} writes it. A shape may be left out, and those of
 * sequences and optionals say nothing; such a shape is unknown.
 */
final class SignatureReader {

    private static final int MAX_NESTING = 8;

    private final String place;
    private final JsonCursor cursor;
    private final UnknownFields unknown;

    SignatureReader(String place, JsonCursor cursor, UnknownFields unknown) {
        this.place = place;
        this.cursor = cursor;
        this.unknown = unknown;
    }

    /** The object that follows. */
    ModelSignature read() {
        @Nullable List<ValueSpec> inputs = null;
        @Nullable List<ValueSpec> outputs = null;
        cursor.expectNext(place, JsonToken.START_OBJECT);
        while (cursor.nextProperty()) {
            switch (cursor.name()) {
                case "inputs" -> inputs = specs("input");
                case "outputs" -> outputs = specs("output");
                default -> unknown.skip("signature.");
            }
        }
        if (inputs == null || outputs == null) {
            throw new InvalidRequestException(
                    place + ": has no " + (inputs == null ? "inputs" : "outputs") + ", expected an array");
        }
        return ModelSignature.of(inputs, outputs);
    }

    private List<ValueSpec> specs(String kind) {
        List<ValueSpec> specs = new ArrayList<>();
        cursor.expectNext(place + ": " + kind + "s", JsonToken.START_ARRAY);
        while (cursor.next() != JsonToken.END_ARRAY) {
            ValueSpec spec = spec(kind + "s[" + specs.size() + "]");
            if (specs.stream().anyMatch(it -> it.name().equals(spec.name()))) {
                throw new InvalidRequestException(
                        place + ": " + kind + " '" + MessageText.of(spec.name()) + "' is there twice, expected once");
            }
            specs.add(spec);
        }
        return specs;
    }

    private ValueSpec spec(String path) {
        String here = place + ": " + path;
        String name = "";
        String datatype = "";
        Optional<Shape> shape = Optional.empty();
        cursor.expect(here, JsonToken.START_OBJECT);
        while (cursor.nextProperty()) {
            switch (cursor.name()) {
                case "name" -> name = nextText(here + ": name");
                case "datatype" -> datatype = nextText(here + ": datatype");
                case "shape" -> shape = Optional.of(shape(here + ": shape"));
                default -> unknown.skip("signature." + path + ".");
            }
        }
        if (name.isEmpty() || datatype.isEmpty()) {
            throw new InvalidRequestException(
                    here + ": has no " + (name.isEmpty() ? "name" : "datatype") + ", expected one");
        }
        return spec(here, name, datatype, shape.orElse(Shape.UNKNOWN), 0);
    }

    private ValueSpec spec(String here, String name, String datatype, Shape shape, int depth) {
        if (depth > MAX_NESTING) {
            throw new InvalidRequestException(
                    here + ": datatype nests deeper than " + MAX_NESTING + " levels, expected at most that");
        }
        Optional<String> sequence = inside("seq", datatype);
        Optional<String> optional = inside("optional", datatype);
        Optional<String> map = inside("map", datatype);
        if (sequence.isPresent()) {
            return new SequenceSpec(name, spec(here, "", sequence.get(), Shape.UNKNOWN, depth + 1));
        } else if (optional.isPresent()) {
            return new OptionalSpec(name, spec(here, "", optional.get(), Shape.UNKNOWN, depth + 1));
        } else if (map.isPresent()) {
            String[] types = map.get().split(",", 2);
            DataType keys = Datatypes.parse(here + ": key", types[0]);
            return new MapSpec(name, keys, Datatypes.parse(here + ": value", types.length == 2 ? types[1] : ""));
        }
        return new TensorSpec(name, Datatypes.parse(here, datatype), shape);
    }

    private static Optional<String> inside(String word, String datatype) {
        return datatype.startsWith(word + "(") && datatype.endsWith(")")
                ? Optional.of(datatype.substring(word.length() + 1, datatype.length() - 1))
                : Optional.empty();
    }

    private String nextText(String here) {
        cursor.next();
        return cursor.text(here);
    }

    private Shape shape(String here) {
        List<Long> dimensions = new ArrayList<>();
        cursor.expectNext(here, JsonToken.START_ARRAY);
        while (cursor.next() != JsonToken.END_ARRAY) {
            cursor.expect(here, JsonToken.VALUE_NUMBER_INT);
            boolean wide = cursor.parser().getNumberType() == NumberType.BIG_INTEGER;
            if (wide || dimensions.size() == Shape.MAX_RANK) {
                throw new InvalidRequestException(here + ": has "
                        + (wide
                                ? "the dimension "
                                        + MessageText.of(cursor.parser().getString())
                                : "more than " + Shape.MAX_RANK + " dimensions")
                        + ", expected at most " + Shape.MAX_RANK + " whole numbers, none below -1");
            }
            dimensions.add(cursor.parser().getLongValue());
        }
        try {
            return Shape.of(dimensions.stream().mapToLong(Long::longValue).toArray());
        } catch (InvalidRequestException e) {
            throw new InvalidRequestException(here + ": " + e.getMessage(), e);
        }
    }
}
