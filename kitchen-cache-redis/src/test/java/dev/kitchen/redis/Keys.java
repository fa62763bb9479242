package dev.kitchen.redis;

import dev.kitchen.spi.CacheKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/** Questions that go to many places of a Redis, and their answers. */
final class Keys {

    private static final int COUNT = 60;

    private final List<CacheKey> keys;

    private Keys(List<CacheKey> keys) {
        this.keys = keys;
    }

    static Keys of(String model) {
        return new Keys(IntStream.range(0, COUNT)
                .mapToObj(it -> RedisCacheTest.question(model, it))
                .toList());
    }

    void put(RedisCache cache, int answer) {
        keys.forEach(it -> cache.put(it, RedisCacheTest.reply(answer), Duration.ofHours(1), cache.epoch(it)));
    }

    /** Puts them until they are found there, as writes are lost while Redis is away. */
    void shareBetween(RedisCache from, RedisCache to, int answer) {
        await(() -> {
            put(from, answer);
            LockSupport.parkNanos(20_000_000);
            return areIn(to, answer);
        });
    }

    /** Waits until all are found there, with this answer. */
    void awaitIn(RedisCache cache, int answer) {
        keys.forEach(key -> await(() -> cache.get(key).equals(Optional.of(RedisCacheTest.reply(answer)))));
    }

    /** Whether all are found there, with this answer. */
    private boolean areIn(RedisCache cache, int answer) {
        return keys.stream().allMatch(it -> cache.get(it).equals(Optional.of(RedisCacheTest.reply(answer))));
    }

    /** Waits until none is found there. */
    void awaitGone(RedisCache cache) {
        keys.forEach(key -> await(() -> cache.get(key).isEmpty()));
    }

    int count() {
        return keys.size();
    }

    static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(100_000);
            if (Thread.interrupted()) {
                throw new AssertionError("waited for too long");
            }
        }
    }
}
