package dev.kitchen.store;

import dev.kitchen.json.JsonTree;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * The documents that were parsed or written last, as trees: a change of a large document would parse the same text again
 * and again otherwise. Safe for use by many threads.
 */
final class ParsedDocuments {

    private static final int MAX_DOCUMENTS = 2;

    private final Deque<Parsed> documents = new ArrayDeque<>();

    private record Parsed(String json, JsonTree tree) {}

    /** Remembers what a text means. */
    synchronized void add(String json, JsonTree tree) {
        documents.addFirst(new Parsed(json, tree));
        if (documents.size() > MAX_DOCUMENTS) {
            documents.removeLast();
        }
    }

    synchronized Optional<JsonTree> find(String json) {
        return documents.stream().filter(it -> it.json.equals(json)).findFirst().map(Parsed::tree);
    }
}
