package dev.kitchen.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.stats.CacheStats;
import dev.kitchen.base.Nanos;
import dev.kitchen.error.ConfigurationException;
import dev.kitchen.predict.Ticker;
import dev.kitchen.spi.CacheKey;
import dev.kitchen.spi.CacheLookup;
import dev.kitchen.spi.CacheStatistics;
import dev.kitchen.spi.PredictionCache;
import dev.kitchen.tensor.NamedValues;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Answers in this JVM's memory, as many as fit into so many bytes; those that are asked for least leave first. One whose
 * time is over is given to nobody, and leaves when it is asked for or room is needed. Safe for use by many threads,
 * endpoints and kitchens.
 */
public final class InMemoryCache implements PredictionCache {

    private final Cache<CacheKey, Answer> answers;
    private final Ticker ticker;
    /** Held shared to put and alone to move the epoch on: no put comes between its look at the epoch and its answer. */
    private final ReadWriteLock invalidation = new ReentrantReadWriteLock();

    private final AtomicLong epoch = new AtomicLong();
    /** How many were found after their time, which Caffeine takes for hits. */
    private final LongAdder expired = new LongAdder();

    /** An answer as it is handed out, since when it is there, and for how long it may be. */
    private record Answer(Optional<NamedValues> outputs, long sinceNanos, long lifetimeNanos, int weight) {

        boolean isFresh(long nowNanos) {
            return nowNanos - sinceNanos < lifetimeNanos;
        }
    }

    private InMemoryCache(long maxBytes, Ticker ticker) {
        if (maxBytes < 1) {
            throw new ConfigurationException("in-memory cache: maxBytes is " + maxBytes + ", expected 1 or more");
        }
        this.ticker = ticker;
        // Without Caffeine's expiry, which looks at the clock and moves the answer to another bucket at every hit.
        this.answers = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .weigher((CacheKey key, Answer answer) -> answer.weight())
                .executor(Runnable::run)
                .recordStats()
                .build();
    }

    /**
     * A cache of about so many bytes: inputs and outputs, and what it takes to keep them.
     *
     * @throws ConfigurationException if it is less than 1
     */
    public static InMemoryCache ofMaxBytes(long bytes) {
        return ofMaxBytes(bytes, Ticker.system());
    }

    /** As {@link #ofMaxBytes(long)}, with the clock that times to live go by. */
    public static InMemoryCache ofMaxBytes(long bytes, Ticker ticker) {
        return new InMemoryCache(bytes, ticker);
    }

    @Override
    public Optional<NamedValues> get(CacheKey key) {
        Answer found = answers.getIfPresent(key);
        return found == null ? Optional.empty() : outputs(key, found, ticker.nanoTime());
    }

    @Override
    public Optional<NamedValues> get(CacheKey key, CacheLookup lookup) {
        Answer found = answers.getIfPresent(key);
        return found == null ? Optional.empty() : outputs(key, found, lookup.nanoTime(ticker));
    }

    /** Returns what an answer says at this time; empty if its time is over. */
    private Optional<NamedValues> outputs(CacheKey key, Answer found, long nowNanos) {
        if (found.isFresh(nowNanos)) {
            return found.outputs();
        }
        expired.increment();
        answers.asMap().remove(key, found);
        return Optional.empty();
    }

    @Override
    public long epoch(CacheKey key) {
        return epoch.get();
    }

    @Override
    public void put(CacheKey key, NamedValues outputs, Duration timeToLive, long epochOfKey) {
        Answer answer =
                new Answer(Optional.of(outputs), ticker.nanoTime(), Nanos.of(timeToLive), Footprint.of(key, outputs));
        Lock shared = invalidation.readLock();
        shared.lock();
        try {
            if (epoch.get() == epochOfKey) {
                answers.put(key, answer);
            }
        } finally {
            shared.unlock();
        }
    }

    @Override
    public void invalidate(String endpointPattern, String versionPattern) {
        Lock alone = invalidation.writeLock();
        alone.lock();
        try {
            epoch.incrementAndGet();
        } finally {
            alone.unlock();
        }
        answers.asMap().keySet().removeIf(it -> it.matches(endpointPattern, versionPattern));
    }

    /** Forgets one answer. Keeps it out no longer than that: who loads it now may put it. */
    public void remove(CacheKey key) {
        answers.invalidate(key);
    }

    @Override
    public CacheStatistics statistics() {
        answers.cleanUp();
        CacheStats stats = answers.stats();
        long bytes = answers.policy()
                .eviction()
                .map(it -> it.weightedSize().orElse(0))
                .orElse(0L);
        long late = expired.sum();
        return new CacheStatistics(
                stats.hitCount() - late,
                stats.missCount() + late,
                stats.evictionCount() + late,
                answers.estimatedSize(),
                bytes,
                0);
    }
}
