package dev.kitchen.store;

import dev.kitchen.json.JsonTree;
import dev.kitchen.spi.ControlDocument;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Adds one to the document's counter, so many times. */
public final class CountsUp implements Runnable {

    private final Path root;
    private final int times;

    /** Public, as a second class loader makes one. */
    public CountsUp(Path root, int times) {
        this.root = root;
        this.times = times;
    }

    public static void main(String[] arguments) {
        new CountsUp(Path.of(arguments[0]), Integer.parseInt(arguments[1])).run();
    }

    @Override
    public void run() {
        try (FileControlStore store = FileControlStore.in(root)) {
            for (int i = 0; i < times; i++) {
                store.update(CountsUp::next);
            }
        }
    }

    private static ControlDocument next(ControlDocument document) {
        JsonTree tree = parse(document);
        return new ControlDocument(
                0, tree.with("count", JsonTree.number(count(document) + 1)).toLine());
    }

    static long count(ControlDocument document) {
        return parse(document).member("count").map(it -> it.integer("count")).orElse(0L);
    }

    private static JsonTree parse(ControlDocument document) {
        return JsonTree.parse("document", document.json().getBytes(StandardCharsets.UTF_8), 10_000);
    }
}
