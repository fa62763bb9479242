package dev.kitchen.json;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.MessageText;
import dev.kitchen.json.TensorReader.Dialect;
import dev.kitchen.predict.GoldenCase;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;

/** Reads the golden cases of a bundle, whose tensors are the protocol's; outputs may be scores too. */
final class GoldenReader {

    private static final int MAX_CASES = 1_000;

    private final String bundlePlace;
    private final JsonCursor cursor;
    private final JsonOptions options;
    private final UnknownFields unknown;

    GoldenReader(String bundlePlace, JsonCursor cursor, JsonOptions options, UnknownFields unknown) {
        this.bundlePlace = bundlePlace;
        this.cursor = cursor;
        this.options = options;
        this.unknown = unknown;
    }

    /** The array that follows. */
    List<GoldenCase> read() {
        List<GoldenCase> cases = new ArrayList<>();
        cursor.expectNext(bundlePlace + ": golden", JsonToken.START_ARRAY);
        while (cursor.next() != JsonToken.END_ARRAY) {
            if (cases.size() == MAX_CASES) {
                throw new InvalidRequestException(
                        bundlePlace + ": golden has more than " + MAX_CASES + " cases, expected at most that");
            }
            cases.add(new OneCase(cases.size()).read());
        }
        return cases;
    }

    /** One case, while it is read. */
    private final class OneCase {

        private final String path;
        private final String place;
        private String name;
        private @Nullable NamedValues inputs;
        private @Nullable NamedValues outputs;
        private double relativeTolerance = GoldenCase.DEFAULT_RELATIVE_TOLERANCE;
        private double absoluteTolerance = GoldenCase.DEFAULT_ABSOLUTE_TOLERANCE;

        OneCase(int index) {
            this.path = "golden[" + index + "]";
            this.place = bundlePlace + ": " + path;
            this.name = String.valueOf(index);
        }

        GoldenCase read() {
            cursor.expect(place, JsonToken.START_OBJECT);
            while (cursor.nextProperty()) {
                switch (cursor.name()) {
                    case "name" -> {
                        cursor.next();
                        name = MessageText.of(cursor.text(place + ": name"));
                    }
                    case "inputs" -> inputs = values("input", Dialect.ROUNDING);
                    case "outputs" -> outputs = values("output", Dialect.ROUNDING_WITH_SCORES);
                    case "rtol" -> relativeTolerance = tolerance("rtol");
                    case "atol" -> absoluteTolerance = tolerance("atol");
                    default -> unknown.skip(path + ".");
                }
            }
            return finish();
        }

        private GoldenCase finish() {
            if (inputs == null || outputs == null || outputs.size() == 0) {
                throw new InvalidRequestException(place + ": has no " + (inputs == null ? "inputs" : "outputs")
                        + ", expected an array of tensors");
            }
            return GoldenCase.of(name, inputs, outputs).withTolerance(relativeTolerance, absoluteTolerance);
        }

        private NamedValues values(String kind, Dialect dialect) {
            Map<String, Value> values = new LinkedHashMap<>();
            cursor.expectNext(place + ": " + kind + "s", JsonToken.START_ARRAY);
            while (cursor.next() != JsonToken.END_ARRAY) {
                TensorReader.Named value = TensorReader.read(
                        place + ": " + kind, values.size(), cursor, options.maxTensorBytes(), dialect);
                if (values.put(value.name(), value.value()) != null) {
                    throw new InvalidRequestException(place + ": " + kind + " '" + MessageText.of(value.name())
                            + "' is there twice, expected once");
                }
            }
            return NamedValues.of(values);
        }

        private double tolerance(String property) {
            if (!cursor.next().isNumeric()) {
                throw cursor.wrong(place + ": " + property, "a number");
            }
            double value = cursor.parser().getDoubleValue();
            if (!Double.isFinite(value) || value < 0) {
                throw new InvalidRequestException(place + ": " + property + ": is "
                        + MessageText.of(cursor.parser().getString()) + ", expected a finite number, 0 or more");
            }
            return value;
        }
    }
}
