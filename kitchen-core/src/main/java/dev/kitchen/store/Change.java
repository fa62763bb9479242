package dev.kitchen.store;

import dev.kitchen.json.JsonTree;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What an operation makes of the document.
 *
 * @param deeds for the audit log, if the document is different afterwards
 */
record Change(UnaryOperator<JsonTree> edit, List<Deed> deeds) {

    /** For an operation that finds everything as it wants it. */
    static final Change NONE = new Change(UnaryOperator.identity(), List.of());
}
