package dev.kitchen.json;

import dev.kitchen.error.MessageText;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.MapValue;
import dev.kitchen.tensor.SequenceValue;
import dev.kitchen.tensor.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonToken;

/** Reads scores as classifiers of classic ML give them: an array of objects, in each a number by label. */
final class ScoresReader {

    private ScoresReader() {}

    /** The array that the cursor stands on; its labels are texts, as JSON has no others. */
    static SequenceValue read(String place, JsonCursor cursor) {
        List<Value> rows = new ArrayList<>();
        cursor.expect(place, JsonToken.START_ARRAY);
        while (cursor.next() != JsonToken.END_ARRAY) {
            rows.add(row(place + "[" + rows.size() + "]", cursor));
        }
        return new SequenceValue(rows);
    }

    private static MapValue row(String place, JsonCursor cursor) {
        if (cursor.parser().currentToken() != JsonToken.START_OBJECT) {
            throw cursor.wrong(place, "an object of scores; a tensor has a datatype and a shape too");
        }
        Map<String, Double> scores = new LinkedHashMap<>();
        while (cursor.nextProperty()) {
            String label = Texts.requireUnicode(place, cursor.name());
            if (!cursor.next().isNumeric()) {
                throw cursor.wrong(place + ": '" + MessageText.of(label) + "'", "a number");
            }
            scores.put(label, cursor.parser().getDoubleValue());
        }
        return MapValue.of(DataType.STRING, DataType.DOUBLE, scores);
    }
}
