package dev.kitchen.cache;

import dev.kitchen.error.ConfigurationException;
import dev.kitchen.observe.KitchenListener;
import dev.kitchen.predict.ModelArtifact;
import dev.kitchen.predict.Predictor;
import dev.kitchen.predict.Ticker;
import dev.kitchen.predict.Waiting;
import dev.kitchen.spi.CacheKey;
import dev.kitchen.spi.PredictionCache;
import dev.kitchen.tensor.NamedValues;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BiPredicate;
import java.util.function.Supplier;

/**
 * How an endpoint's answers are cached. Equal requests that come while the model runs for one of them share that run.
 * Only answers of the model are kept, no failures and no fallbacks. Immutable.
 *
 * <pre>{@code
 * EndpointOptions.builder()
 *         .cache(Caching.in(InMemoryCache.ofMaxBytes(64 << 20)).timeToLive(Duration.ofMinutes(10)))
 * }</pre>
 */
public final class Caching {

    private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

    private final PredictionCache cache;
    private final Duration timeToLive;

    private Caching(PredictionCache cache, Duration timeToLive) {
        this.cache = cache;
        this.timeToLive = timeToLive;
    }

    /** Answers are kept in this cache, which endpoints may share, for as long as it keeps them. */
    public static Caching in(PredictionCache cache) {
        return new Caching(cache, FOREVER);
    }

    /**
     * With answers that are no older than this.
     *
     * @throws ConfigurationException if it is not more than zero
     */
    public Caching timeToLive(Duration longest) {
        if (longest.isZero() || longest.isNegative()) {
            throw new ConfigurationException("cache: timeToLive is " + longest + ", expected more than zero");
        }
        return new Caching(cache, longest);
    }

    /** Where answers are kept. */
    public PredictionCache cache() {
        return cache;
    }

    Duration timeToLive() {
        return timeToLive;
    }

    /**
     * The stage in front of a version.
     *
     * @param next what answers where the cache does not
     * @param waiting where calls wait for a run of another one
     * @param runs where slow runs go, so that whoever asked first may leave; may reject them, but must not queue them
     * @param listener who hears of events, if anybody does now
     * @param believed whether an answer that others may have written can be one of this version to that question
     */
    public Predictor before(
            Predictor next,
            ModelArtifact artifact,
            Waiting waiting,
            Executor runs,
            Ticker ticker,
            Supplier<Optional<KitchenListener>> listener,
            BiPredicate<CacheKey, NamedValues> believed) {
        KeptAnswers answers = new KeptAnswers(this, artifact, ticker, listener, believed);
        return new CachingPredictor(next, answers, new SingleFlight(next, answers, waiting, runs, ticker), ticker);
    }
}
