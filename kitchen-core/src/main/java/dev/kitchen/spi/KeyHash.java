package dev.kitchen.spi;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Hashes of what callers choose freely, with a seed of this process: nobody can choose texts that fall on one another
 * and make look-ups slow, as is easy with {@link String#hashCode}.
 */
final class KeyHash {

    private static final Hasher64 HASHER =
            Hashing.xxh3_64(ThreadLocalRandom.current().nextLong());

    private KeyHash() {}

    static long of(byte[] bytes) {
        return HASHER.hashBytesToLong(bytes);
    }

    static long of(List<String> texts) {
        long hash = texts.size();
        for (String text : texts) {
            hash = mix(hash, HASHER.hashCharsToLong(text));
        }
        return hash;
    }

    static long of(Map<String, String> texts) {
        long hash = texts.size();
        for (Map.Entry<String, String> entry : texts.entrySet()) {
            hash = mix(mix(hash, HASHER.hashCharsToLong(entry.getKey())), HASHER.hashCharsToLong(entry.getValue()));
        }
        return hash;
    }

    static long mix(long one, long other) {
        return HASHER.hashLongLongToLong(one, other);
    }
}
