package dev.kitchen.json;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.MessageText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser.NumberType;
import tools.jackson.core.JsonToken;

/** Reads a bundle, its fields in any order; passes over what it does not know, and remembers its name. */
final class BundleReader {

    private static final int MAX_BATCH_SIZES = 100;
    private static final int MAX_BATCH_SIZE = 65_536;
    private static final double MAX_LATENCY_MILLIS = Duration.ofDays(1).toMillis();
    private static final double MAX_MEMORY_MIB = 1 << 30;

    private final String place;
    private final JsonCursor cursor;
    private final JsonOptions options;
    private final UnknownFields unknown;
    private final ModelBundle.Builder bundle = new ModelBundle.Builder();

    private BundleReader(String place, JsonCursor cursor, JsonOptions options) {
        this.place = place;
        this.cursor = cursor;
        this.options = options;
        this.unknown = new UnknownFields(cursor);
    }

    /**
     * Reads a whole bundle.
     *
     * @param place which bundle this is, as the beginning of a message
     * @throws InvalidRequestException naming what is wrong, and where
     */
    static ModelBundle read(String place, byte[] document, JsonOptions options) {
        if (document.length > options.maxBytes()) {
            throw new InvalidRequestException(
                    place + ": has more than " + options.maxBytes() + " bytes, expected at most that");
        }
        try (JsonCursor cursor = JsonCursor.open(place, JsonCursor.factory(options), document)) {
            return new BundleReader(place, cursor, options).read();
        } catch (JacksonException e) {
            throw JsonCursor.notJson(place, e);
        }
    }

    private ModelBundle read() {
        cursor.expectNext(place, JsonToken.START_OBJECT);
        while (cursor.nextProperty()) {
            property(cursor.name());
        }
        cursor.expectEnd();
        bundle.unknownFields(unknown.paths());
        return bundle.build();
    }

    private void property(String name) {
        switch (name) {
            case "model" -> bundle.model(fileName());
            case "signature" -> bundle.signature(new SignatureReader(place + ": signature", cursor, unknown).read());
            case "golden" -> bundle.goldenCases(new GoldenReader(place, cursor, options, unknown).read());
            case "warm_up" -> warmUp();
            case "budget" -> budget();
            case "metrics" -> bundle.metrics(metrics());
            case "lineage" -> bundle.lineage(texts("lineage"));
            case "tags" -> bundle.tags(texts("tags"));
            case "features" -> bundle.features(features());
            default -> unknown.skip("");
        }
    }

    private String fileName() {
        String here = place + ": model";
        cursor.next();
        String name = cursor.text(here);
        boolean plain = name.chars().noneMatch(it -> it == '/' || it == '\\' || Character.isISOControl(it));
        if (name.isBlank() || !plain || name.equals(".") || name.equals("..")) {
            throw new InvalidRequestException(here + ": is '" + MessageText.of(name)
                    + "', expected the name of a file in the bundle's directory");
        }
        return name;
    }

    private void warmUp() {
        cursor.expectNext(place + ": warm_up", JsonToken.START_OBJECT);
        while (cursor.nextProperty()) {
            switch (cursor.name()) {
                case "batch_sizes" -> bundle.batchSizes(batchSizes(place + ": warm_up: batch_sizes"));
                default -> unknown.skip("warm_up.");
            }
        }
    }

    private List<Integer> batchSizes(String here) {
        Set<Integer> sizes = new LinkedHashSet<>();
        cursor.expectNext(here, JsonToken.START_ARRAY);
        while (cursor.next() != JsonToken.END_ARRAY) {
            cursor.expect(here, JsonToken.VALUE_NUMBER_INT);
            boolean wide = cursor.parser().getNumberType() != NumberType.INT;
            int size = wide ? 0 : cursor.parser().getIntValue();
            if (size < 1 || size > MAX_BATCH_SIZE) {
                throw new InvalidRequestException(here + ": has the size "
                        + MessageText.of(cursor.parser().getString()) + ", expected 1 to " + MAX_BATCH_SIZE);
            }
            if (!sizes.add(size) || sizes.size() > MAX_BATCH_SIZES) {
                throw new InvalidRequestException(here + ": has "
                        + (sizes.size() > MAX_BATCH_SIZES ? "more than " + MAX_BATCH_SIZES + " sizes" : size + " twice")
                        + ", expected each size once, and at most " + MAX_BATCH_SIZES);
            }
        }
        return new ArrayList<>(sizes);
    }

    private void budget() {
        cursor.expectNext(place + ": budget", JsonToken.START_OBJECT);
        while (cursor.nextProperty()) {
            switch (cursor.name()) {
                case "latency_ms" -> {
                    double millis = positive(place + ": budget: latency_ms", MAX_LATENCY_MILLIS);
                    bundle.latencyBudget(Duration.ofNanos(Math.max(1, (long) (millis * 1e6))));
                }
                case "memory_mb" -> {
                    double mebibytes = positive(place + ": budget: memory_mb", MAX_MEMORY_MIB);
                    bundle.memoryBudgetBytes(Math.max(1, (long) (mebibytes * (1 << 20))));
                }
                default -> unknown.skip("budget.");
            }
        }
    }

    private double positive(String here, double most) {
        double value = number(here);
        if (!(value > 0 && value <= most)) {
            throw new InvalidRequestException(
                    here + ": is " + MessageText.of(cursor.parser().getString())
                            + ", expected a number above 0 and up to " + (long) most);
        }
        return value;
    }

    private double number(String here) {
        if (!cursor.next().isNumeric()) {
            throw cursor.wrong(here, "a number");
        }
        return cursor.parser().getDoubleValue();
    }

    private Map<String, Double> metrics() {
        Map<String, Double> numbers = new LinkedHashMap<>();
        cursor.expectNext(place + ": metrics", JsonToken.START_OBJECT);
        while (cursor.nextProperty()) {
            String name = cursor.name();
            String here = place + ": metrics: '" + MessageText.of(name) + "'";
            double value = number(here);
            if (!Double.isFinite(value)) {
                throw new InvalidRequestException(
                        here + ": is " + MessageText.of(cursor.parser().getString()) + ", expected a finite number");
            }
            numbers.put(name, value);
        }
        return numbers;
    }

    private Map<String, String> texts(String property) {
        Map<String, String> texts = new LinkedHashMap<>();
        cursor.expectNext(place + ": " + property, JsonToken.START_OBJECT);
        while (cursor.nextProperty()) {
            String name = cursor.name();
            cursor.next();
            texts.put(name, cursor.text(place + ": " + property + ": '" + MessageText.of(name) + "'"));
        }
        return texts;
    }

    private List<String> features() {
        String here = place + ": features";
        Set<String> names = new LinkedHashSet<>();
        cursor.expectNext(here, JsonToken.START_ARRAY);
        while (cursor.next() != JsonToken.END_ARRAY) {
            String name = cursor.text(here);
            if (name.isBlank() || !names.add(name)) {
                throw new InvalidRequestException(here + ": has '" + MessageText.of(name)
                        + "' as a name, expected one for each column, none twice");
            }
        }
        return new ArrayList<>(names);
    }
}
