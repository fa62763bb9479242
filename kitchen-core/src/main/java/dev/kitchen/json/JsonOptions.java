package dev.kitchen.json;

import dev.kitchen.error.ConfigurationException;

/**
 * How much JSON is taken, and what becomes of numbers that JSON does not have.
 *
 * @param maxBytes the largest document to read; 64 MiB by default
 * @param maxTensorBytes the largest tensor to read, as it is in memory, and the most that all inputs of a request take
 *     together; 64 MiB by default. A text counts 56 bytes and its characters
 * @param maxDepth how deep arrays and objects may nest, 1 to 1000; 100 by default
 * @param nonFinite what becomes of NaN and infinities that are written; refused by default
 */
public record JsonOptions(int maxBytes, int maxTensorBytes, int maxDepth, NonFinite nonFinite) {

    private static final int MIB = 1 << 20;

    private static final JsonOptions DEFAULTS = new JsonOptions(64 * MIB, 64 * MIB, 100, NonFinite.REFUSE);

    /** What becomes of NaN and infinities, which JSON has no numbers for. They are always read, as bare words. */
    public enum NonFinite {
        /** Writing them is an error. */
        REFUSE,
        /** They are written as the bare words NaN, Infinity and -Infinity, which not every reader takes. */
        LITERAL,
        /** They are written as null. */
        NULL
    }

    /**
     * Checks the values.
     *
     * @throws ConfigurationException if one is out of its range
     */
    public JsonOptions {
        if (maxBytes < 1 || maxTensorBytes < 1 || maxDepth < 1 || maxDepth > 1000) {
            throw new ConfigurationException(
                    "JSON options: maxBytes is " + maxBytes + ", maxTensorBytes is " + maxTensorBytes + ", maxDepth is "
                            + maxDepth + ", expected 1 or more, and at most 1000 for the depth");
        }
    }

    public static JsonOptions defaults() {
        return DEFAULTS;
    }

    public JsonOptions withMaxBytes(int bytes) {
        return new JsonOptions(bytes, maxTensorBytes, maxDepth, nonFinite);
    }

    public JsonOptions withMaxTensorBytes(int bytes) {
        return new JsonOptions(maxBytes, bytes, maxDepth, nonFinite);
    }

    public JsonOptions withMaxDepth(int depth) {
        return new JsonOptions(maxBytes, maxTensorBytes, depth, nonFinite);
    }

    public JsonOptions withNonFinite(NonFinite choice) {
        return new JsonOptions(maxBytes, maxTensorBytes, maxDepth, choice);
    }
}
