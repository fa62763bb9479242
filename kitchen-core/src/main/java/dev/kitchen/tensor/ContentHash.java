package dev.kitchen.tensor;

import com.dynatrace.hash4j.hashing.ByteAccess;
import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.ThreadLocalRandom;

/** XXH3 over elements, with a seed of this process: whoever chooses a model's inputs cannot choose their hashes. */
final class ContentHash {

    private static final Hasher64 HASHER =
            Hashing.xxh3_64(ThreadLocalRandom.current().nextLong());
    private static final ByteAccess<ByteBuffer> BUFFER = ByteAccess.forByteBuffer(ByteOrder.nativeOrder());

    private ContentHash() {}

    static long of(byte[] bytes) {
        return HASHER.hashBytesToLong(bytes);
    }

    static long of(ByteBuffer bytes) {
        return HASHER.hashBytesToLong(bytes, bytes.position(), bytes.remaining(), BUFFER);
    }

    static long of(String[] strings) {
        long hash = strings.length;
        for (String string : strings) {
            hash = mix(hash, HASHER.hashCharsToLong(string));
        }
        return hash;
    }

    static long mix(long one, long other) {
        return HASHER.hashLongLongToLong(one, other);
    }
}
