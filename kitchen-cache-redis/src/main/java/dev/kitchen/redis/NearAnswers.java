package dev.kitchen.redis;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.kitchen.cache.InMemoryCache;
import dev.kitchen.predict.Ticker;
import dev.kitchen.spi.CacheKey;
import dev.kitchen.spi.CacheStatistics;
import dev.kitchen.tensor.NamedValues;
import java.time.Duration;
import java.util.Optional;

/**
 * Answers of Redis in this JVM's memory, and what Redis tells about changes to them. A mark taken before an answer was
 * loaded keeps it out if its key has been changed since.
 */
final class NearAnswers {

    private static final int STRIPES = 1 << 10;
    private static final long LOW_HALF = 0xffff_ffffL;

    private final InMemoryCache answers;
    /** Keys by their names in Redis, as long as an answer holds them. */
    private final Cache<String, CacheKey> keys =
            Caffeine.newBuilder().weakValues().executor(Runnable::run).build();

    private final Stripe[] stripes = new Stripe[STRIPES];

    /** How often keys of one hash were changed; also the lock under which their answers come and go. */
    private static final class Stripe {
        private int changes;
    }

    NearAnswers(long maxBytes, Ticker ticker) {
        this.answers = InMemoryCache.ofMaxBytes(maxBytes, ticker);
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Stripe();
        }
    }

    private Stripe stripe(String name) {
        return stripes[(name.hashCode() * 0x9E3779B9) >>> 22];
    }

    Optional<NamedValues> get(CacheKey key) {
        return answers.get(key);
    }

    /** As {@link InMemoryCache#epoch}, for a key that Redis never has. */
    long epoch(CacheKey key) {
        return answers.epoch(key);
    }

    /** Keeps what no other process changes. */
    void put(CacheKey key, NamedValues outputs, Duration timeToLive, long epoch) {
        answers.put(key, outputs, timeToLive, epoch);
    }

    /** Changes of all keys in the one half of the bits, of this key in the other. */
    long mark(CacheKey key, String name) {
        Stripe stripe = stripe(name);
        synchronized (stripe) {
            return (long) stripe.changes << 32 | answers.epoch(key) & LOW_HALF;
        }
    }

    boolean isCurrent(CacheKey key, String name, long mark) {
        return mark(key, name) == mark;
    }

    void put(CacheKey key, String name, NamedValues outputs, Duration timeToLive, long mark) {
        Stripe stripe = stripe(name);
        synchronized (stripe) {
            long epoch = answers.epoch(key);
            if (((long) stripe.changes << 32 | epoch & LOW_HALF) == mark) {
                // The key that is kept is always the one that its name leads to.
                answers.put(keys.get(name, it -> key), outputs, timeToLive, epoch);
            }
        }
    }

    /** Somebody else changed what has that name in Redis. */
    void changed(String name) {
        Stripe stripe = stripe(name);
        synchronized (stripe) {
            stripe.changes++;
            CacheKey key = keys.getIfPresent(name);
            if (key != null) {
                answers.remove(key);
            }
        }
    }

    /** Keeps out all that is being loaded now. */
    void outdateLoads() {
        answers.invalidate("", "");
    }

    void invalidate(String endpointPattern, String versionPattern) {
        answers.invalidate(endpointPattern, versionPattern);
    }

    CacheStatistics statistics() {
        return answers.statistics();
    }
}
