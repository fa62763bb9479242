package dev.kitchen.spi;

import dev.kitchen.tensor.NamedValues;
import java.time.Duration;
import java.util.Optional;

/**
 * Answers of models, by what was asked. Called by the threads that predict, by many at once, before a model runs and
 * after it has: whatever takes long here, a caller waits for. What a cache throws is logged and costs nobody an answer.
 *
 * <p>Whoever opened a cache closes it, where it needs that; a closed one has no answers and takes none.
 */
public interface PredictionCache {

    /**
     * The answer to exactly that question; empty where there is none, or its time is over.
     *
     * @param key may refer to memory of the caller: not to be kept
     */
    Optional<NamedValues> get(CacheKey key);

    /**
     * As {@link #get(CacheKey)}, for a call: waits no longer than the call's time, and tells the call what goes wrong. A
     * cache that never waits and never fails need not implement this.
     */
    default Optional<NamedValues> get(CacheKey key, CacheLookup lookup) {
        return get(key);
    }

    /**
     * A mark to take before the model runs: an invalidation after it keeps the answer out. See {@link #put}.
     *
     * @param key may refer to memory of the caller: not to be kept
     */
    long epoch(CacheKey key);

    /**
     * Keeps an answer, in place of an older one, unless the key has been invalidated since the mark was taken. May keep
     * nothing, and forget at any time.
     *
     * @param key {@linkplain CacheKey#owned owned}
     * @param outputs owned
     * @param timeToLive more than zero
     * @param epoch what {@link #epoch} returned before the model ran
     */
    void put(CacheKey key, NamedValues outputs, Duration timeToLive, long epoch);

    /**
     * Forgets answers. When this returns, none of them is given any more, by this process at least.
     *
     * @param endpointPattern names of endpoints: {@code *} stands for any characters, {@code ?} for one, and a backslash
     *     takes the meaning from the next. See {@link CacheKey#literally}.
     * @param versionPattern likewise, of versions
     */
    void invalidate(String endpointPattern, String versionPattern);

    /** What there is, and what became of those who asked. */
    CacheStatistics statistics();
}
