package dev.kitchen;

import dev.kitchen.spi.CacheKey;
import dev.kitchen.spi.CacheStatistics;
import dev.kitchen.spi.PredictionCache;
import dev.kitchen.tensor.NamedValues;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** A cache that fails when told to, and counts how often it was asked for a mark. */
final class TroubledCache implements PredictionCache {

    private final PredictionCache cache;
    private final AtomicInteger marks = new AtomicInteger();
    private volatile BooleanSupplier failing;

    TroubledCache(PredictionCache cache) {
        this(cache, () -> false);
    }

    /** A cache that fails whenever that is so, or as the question does. */
    TroubledCache(PredictionCache cache, BooleanSupplier failing) {
        this.cache = cache;
        this.failing = failing;
    }

    void fail(boolean fail) {
        this.failing = () -> fail;
    }

    int marks() {
        return marks.get();
    }

    private PredictionCache working() {
        if (failing.getAsBoolean()) {
            throw new IllegalStateException("the cache is out of order");
        }
        return cache;
    }

    @Override
    public Optional<NamedValues> get(CacheKey key) {
        return working().get(key);
    }

    @Override
    public long epoch(CacheKey key) {
        long epoch = working().epoch(key);
        marks.incrementAndGet();
        return epoch;
    }

    @Override
    public void put(CacheKey key, NamedValues outputs, Duration timeToLive, long epoch) {
        working().put(key, outputs, timeToLive, epoch);
    }

    @Override
    public void invalidate(String endpointPattern, String versionPattern) {
        working().invalidate(endpointPattern, versionPattern);
    }

    @Override
    public CacheStatistics statistics() {
        return working().statistics();
    }
}
