package dev.kitchen.json;

import dev.kitchen.error.MessageText;
import java.util.ArrayList;
import java.util.List;

/** The fields of a document that nobody reads, by their names: to be told of, as one may be a slip of the pen. */
final class UnknownFields {

    private static final int MOST = 100;

    private final JsonCursor cursor;
    private final List<String> paths = new ArrayList<>();

    UnknownFields(JsonCursor cursor) {
        this.cursor = cursor;
    }

    /**
     * Passes over the value of the property that the cursor stands on.
     *
     * @param parent the path of the object it belongs to, with the dot
     */
    void skip(String parent) {
        if (paths.size() < MOST) {
            paths.add(parent + MessageText.of(cursor.name()));
        }
        cursor.skipValue();
    }

    List<String> paths() {
        return paths;
    }
}
