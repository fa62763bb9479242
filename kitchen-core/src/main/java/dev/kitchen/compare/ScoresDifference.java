package dev.kitchen.compare;

import dev.kitchen.error.MessageText;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.MapValue;
import dev.kitchen.tensor.SequenceValue;
import dev.kitchen.tensor.Value;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Where a sequence of maps is not what a golden case expects, within its tolerances; labels are compared as texts. */
public final class ScoresDifference {

    private final Tolerance tolerance;

    public ScoresDifference(Tolerance tolerance) {
        this.tolerance = tolerance;
    }

    /** The first difference, to follow the output's name in a message; empty if there is none. */
    public Optional<String> find(SequenceValue expected, SequenceValue actual) {
        int rows = expected.elements().size();
        if (actual.elements().size() != rows) {
            return Optional.of("has " + actual.elements().size() + " rows, expected " + rows);
        }
        for (int i = 0; i < rows; i++) {
            String row = "row " + i;
            Value got = actual.elements().get(i);
            if (!(got instanceof MapValue map) || map.valueType() == DataType.STRING) {
                return Optional.of(row + " is a " + got.getClass().getSimpleName() + ", expected a map of numbers");
            }
            Optional<String> difference = find((MapValue) expected.elements().get(i), map);
            if (difference.isPresent()) {
                return difference.map(it -> row + it);
            }
        }
        return Optional.empty();
    }

    private Optional<String> find(MapValue expected, MapValue actual) {
        Map<String, Object> wanted = byText(expected);
        Map<String, Object> got = byText(actual);
        boolean single = actual.valueType() == DataType.FLOAT;
        for (Map.Entry<String, Object> score : wanted.entrySet()) {
            Object answer = got.remove(score.getKey());
            if (answer == null) {
                return Optional.of(
                        " has no label '" + MessageText.of(score.getKey()) + "', expected " + score.getValue());
            }
            double number = number(score.getValue(), single);
            if (!tolerance.allows(number, number(answer, single))) {
                return Optional.of(": '" + MessageText.of(score.getKey()) + "' is " + answer + ", expected "
                        + score.getValue() + tolerance.text(number));
            }
        }
        return got.keySet().stream()
                .findFirst()
                .map(it -> " has the label '" + MessageText.of(it) + "', expected it not to be there");
    }

    private static Map<String, Object> byText(MapValue map) {
        Map<String, Object> entries = new TreeMap<>();
        map.entries().forEach((key, value) -> entries.put(key.toString(), value));
        return entries;
    }

    /** A number as precise as the answer can be: otherwise without tolerance 0.9 would never be 0.9f. */
    private static double number(Object value, boolean single) {
        return single ? ((Number) value).floatValue() : ((Number) value).doubleValue();
    }
}
