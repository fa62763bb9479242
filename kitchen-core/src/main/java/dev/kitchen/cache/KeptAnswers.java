package dev.kitchen.cache;

import dev.kitchen.base.FlightTimer;
import dev.kitchen.base.ForeignCode;
import dev.kitchen.error.InferenceException;
import dev.kitchen.observe.CacheEvent;
import dev.kitchen.observe.KitchenListener;
import dev.kitchen.predict.CallContext;
import dev.kitchen.predict.ModelArtifact;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.Prediction.Source;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.predict.Ticker;
import dev.kitchen.spi.CacheKey;
import dev.kitchen.spi.CacheLookup;
import dev.kitchen.spi.PredictionCache;
import dev.kitchen.tensor.NamedValues;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One version's answers in a cache. What goes wrong with the cache is counted, told and logged, and goes no further. */
final class KeptAnswers {

    private static final long LOG_INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** The mark of an answer that is not to be kept, as the cache would not give one. */
    private static final long NO_EPOCH = Long.MIN_VALUE;

    private final PredictionCache cache;
    /** The cache, where one look at the clock does for its time to live and for how long the call took. */
    private final @Nullable InMemoryCache near;

    private final Duration timeToLive;
    private final ModelArtifact artifact;
    private final Ticker ticker;
    private final Supplier<Optional<KitchenListener>> listener;
    private final BiPredicate<CacheKey, NamedValues> believed;
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong nextLogNanos;

    KeptAnswers(
            Caching caching,
            ModelArtifact artifact,
            Ticker ticker,
            Supplier<Optional<KitchenListener>> listener,
            BiPredicate<CacheKey, NamedValues> believed) {
        this.cache = caching.cache();
        this.near = cache instanceof InMemoryCache local && local.goesBy(ticker) ? local : null;
        this.timeToLive = caching.timeToLive();
        this.artifact = artifact;
        this.ticker = ticker;
        this.listener = listener;
        this.believed = believed;
        this.nextLogNanos = new AtomicLong(ticker.nanoTime());
    }

    /** Where this is, as the beginning of a message. */
    String place() {
        return artifact.place();
    }

    CacheKey keyOf(PredictionRequest request) {
        return CacheKey.of(artifact, request);
    }

    /** The answer that is kept; null if there is none. */
    @Nullable
    Prediction find(CacheKey key, CallContext context) {
        Optional<KitchenListener> who = listener.get();
        long start = who.isPresent() ? ticker.nanoTime() : 0;
        Object begun = who.isPresent() ? FlightTimer.begin(who.get(), CacheEvent.class) : null;
        try {
            InMemoryCache.Answer seen = near == null ? null : near.find(key);
            Lookup lookup = near == null ? new Lookup(context) : null;
            Optional<NamedValues> far = lookup == null ? Optional.empty() : shared(key, lookup);
            long now = ticker.nanoTime();
            if (lookup != null && lookup.failure != null) {
                failed("look up", lookup.failure, now - start, begun);
                return null;
            }
            Optional<NamedValues> found = near == null || seen == null ? far : near.outputs(key, seen, now);
            if (who.isPresent()) {
                tell(who.get(), event(found.isPresent(), now - start, Optional.empty()), begun);
            }
            return found.isPresent() ? prediction(found.get(), now - context.startNanos()) : null;
        } catch (Throwable e) {
            failed("look up", e, start == 0 ? 0 : ticker.nanoTime() - start, begun);
            return null;
        }
    }

    /** An answer from a store that others write to, if it is one that the model could have given. */
    private Optional<NamedValues> shared(CacheKey key, Lookup lookup) {
        Optional<NamedValues> found = cache.get(key, lookup);
        if (found.isPresent() && !believed.test(key, found.get())) {
            lookup.failed(
                    new InferenceException(place() + ": the cache has an answer that does not fit the signature"));
            return Optional.empty();
        }
        return found;
    }

    /** One look into the cache. */
    private final class Lookup implements CacheLookup {

        private final CallContext context;
        private @Nullable Throwable failure;

        Lookup(CallContext context) {
            this.context = context;
        }

        @Override
        public long nanosLeft() {
            return context.hasDeadline() ? Math.max(0, context.deadlineNanos() - ticker.nanoTime()) : Long.MAX_VALUE;
        }

        @Override
        public void failed(Throwable why) {
            failure = why;
        }
    }

    private Prediction prediction(NamedValues outputs, long nanos) {
        return new Prediction(artifact.model(), artifact.version(), outputs, nanos).answeredBy(Source.CACHE, "");
    }

    /** The mark to take before the model runs. */
    long epoch(CacheKey key) {
        try {
            return cache.epoch(key);
        } catch (Throwable e) {
            failed("mark", e);
            return NO_EPOCH;
        }
    }

    /** Keeps an answer of the model; a fallback is for its caller only. */
    void keep(CacheKey key, Prediction answer, long epoch) {
        if (answer.source() != Source.MODEL || epoch == NO_EPOCH) {
            return;
        }
        try {
            cache.put(key, answer.outputs().owned(), timeToLive, epoch);
        } catch (Throwable e) {
            failed("keep", e);
        }
    }

    private void failed(String what, Throwable failure) {
        failed(what, failure, 0, null);
    }

    private void failed(String what, Throwable failure, long nanos, @Nullable Object begun) {
        long count = failures.incrementAndGet();
        listener.get().ifPresent(it -> tell(it, event(false, nanos, Optional.of(failure)), begun));
        long now = ticker.nanoTime();
        long next = nextLogNanos.get();
        if (now - next >= 0 && nextLogNanos.compareAndSet(next, now + LOG_INTERVAL_NANOS)) {
            ForeignCode.logFailure(
                    place() + ": trying to " + what + " an answer in the cache, for the " + count
                            + ". time that it fails (calls go on without it),",
                    failure);
        }
    }

    private static void tell(KitchenListener who, CacheEvent event, @Nullable Object begun) {
        if (who instanceof FlightTimer timer) {
            timer.end(begun, event);
        } else {
            who.onCache(event);
        }
    }

    private CacheEvent event(boolean hit, long nanos, Optional<Throwable> failure) {
        return new CacheEvent(artifact.model(), artifact.version(), hit, nanos, failure);
    }
}
