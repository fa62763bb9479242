package dev.kitchen.onnx.operator;

import dev.kitchen.onnx.graph.Attribute;
import dev.kitchen.onnx.graph.Node;
import java.util.List;
import java.util.Optional;

/**
 * The attributes of a {@code TfIdfVectorizer}: ONNX Runtime looks up the position of each n-gram of the pool in
 * {@code ngram_indexes}, and writes to that position of the output, without looking whether either is there. Lists that
 * are too long to be kept are not looked at.
 */
final class NGrams {

    private NGrams() {}

    static void requireLoadable(Node node) {
        Optional<Attribute> pool = node.attribute("pool_strings").or(() -> node.attribute("pool_int64s"));
        Optional<List<Long>> counts = node.attribute("ngram_counts").flatMap(Attribute::integers);
        Optional<List<Long>> indexes = node.attribute("ngram_indexes").flatMap(Attribute::integers);
        indexes.ifPresent(values -> requireIndexes(node, values));
        if (pool.isPresent() && counts.isPresent() && isKept(pool.get())) {
            long ngrams = count(node, counts.get(), pool.get().count());
            long found = node.attribute("ngram_indexes").map(Attribute::count).orElse(0L);
            if (found < ngrams) {
                throw NodeRefusals.refused(
                        node, found + " ngram_indexes", ngrams + ", as many as its pool has n-grams");
            }
        }
    }

    /** Of longer lists of integers the number of values is not known either. */
    private static boolean isKept(Attribute attribute) {
        return attribute.integers().isPresent() || attribute.texts().isPresent();
    }

    private static void requireIndexes(Node node, List<Long> indexes) {
        for (long index : indexes) {
            if (index < 0 || index >= Integer.MAX_VALUE) {
                throw NodeRefusals.refused(node, "the ngram_index " + index, "0 to " + (Integer.MAX_VALUE - 1));
            }
        }
    }

    /** Returns how many n-grams the pool has: counts say where those of one more word start. */
    private static long count(Node node, List<Long> counts, long pool) {
        long ngrams = 0;
        for (int i = 0; i < counts.size(); i++) {
            long start = counts.get(i);
            long end = i + 1 < counts.size() ? counts.get(i + 1) : pool;
            if (start < 0 || start > end || end > pool) {
                throw NodeRefusals.refused(
                        node, "ngram_counts " + counts, "ascending positions in its pool of " + pool);
            }
            ngrams += (end - start) / (i + 1);
        }
        return ngrams;
    }
}
