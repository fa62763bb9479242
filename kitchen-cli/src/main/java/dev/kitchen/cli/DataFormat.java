package dev.kitchen.cli;

import java.util.Locale;
import java.util.Optional;

/** What a file of inputs is. */
enum DataFormat {
    /** Rows, with a header. */
    CSV,
    /** One request of the Open Inference Protocol. */
    JSON,
    /** One request a line. */
    JSONL;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What a file's name says. */
    static Optional<DataFormat> of(String fileName) {
        String name = fileName.toLowerCase(Locale.ROOT);
        if (name.endsWith(".csv") || name.endsWith(".tsv")) {
            return Optional.of(CSV);
        } else if (name.endsWith(".jsonl") || name.endsWith(".ndjson")) {
            return Optional.of(JSONL);
        }
        return name.endsWith(".json") ? Optional.of(JSON) : Optional.empty();
    }
}
