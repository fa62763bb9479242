package dev.kitchen.stage.caching;

import dev.kitchen.base.ForeignCode;
import dev.kitchen.cache.CacheConfig;
import dev.kitchen.cache.InMemoryCache;
import dev.kitchen.error.InferenceException;
import dev.kitchen.observe.CacheEvent;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.Prediction.Source;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.predict.Ticker;
import dev.kitchen.runtime.CallContext;
import dev.kitchen.session.AnswerCheck;
import dev.kitchen.spi.CacheKey;
import dev.kitchen.spi.CacheLookup;
import dev.kitchen.spi.PredictionCache;
import dev.kitchen.spi.VersionIdentity;
import dev.kitchen.telemetry.SafeListener;
import dev.kitchen.tensor.NamedValues;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One version's answers in a cache. What goes wrong with the cache is counted, told and logged, and goes no further. */
final class KeptAnswers {

    private static final long LOG_INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** The mark of an answer that is not to be kept, as the cache would not give one. */
    private static final long NO_EPOCH = Long.MIN_VALUE;

    private final PredictionCache cache;
    /** Whether others than this process may write to the cache. */
    private final boolean isShared;

    private final Duration timeToLive;
    private final VersionIdentity artifact;
    private final Ticker ticker;
    private final SafeListener listener;
    private final AnswerCheck check;
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong nextLogNanos;

    KeptAnswers(
            CacheConfig caching, VersionIdentity artifact, Ticker ticker, SafeListener listener, AnswerCheck check) {
        this.cache = caching.cache();
        this.isShared = !(cache instanceof InMemoryCache);
        this.timeToLive = caching.timeToLive();
        this.artifact = artifact;
        this.ticker = ticker;
        this.listener = listener;
        this.check = check;
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
        boolean isReported = !listener.isEmpty();
        long start = isReported ? ticker.nanoTime() : 0;
        Object begun = isReported ? listener.begin(CacheEvent.class) : null;
        try {
            Lookup lookup = new Lookup(context);
            Optional<NamedValues> found = read(key, lookup);
            long now = lookup.now();
            if (lookup.failure != null) {
                failed("look up", lookup.failure, now - start, begun);
                return null;
            }
            if (isReported) {
                listener.end(begun, event(found.isPresent(), now - start, Optional.empty()));
            }
            return found.isPresent() ? prediction(found.get(), now - context.startNanos()) : null;
        } catch (Throwable e) {
            failed("look up", e, start == 0 ? 0 : ticker.nanoTime() - start, begun);
            return null;
        }
    }

    /** Returns an answer; one that others may have written only if the model could have given it. */
    private Optional<NamedValues> read(CacheKey key, Lookup lookup) {
        Optional<NamedValues> found = cache.get(key, lookup);
        if (isShared && found.isPresent() && !check.fits(key.requestedOutputs(), found.get())) {
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
        private boolean isTimeRead;
        private long nowNanos;

        Lookup(CallContext context) {
            this.context = context;
        }

        long now() {
            if (!isTimeRead) {
                nowNanos = ticker.nanoTime();
                isTimeRead = true;
            }
            return nowNanos;
        }

        @Override
        public long nanosLeft() {
            return context.hasDeadline() ? Math.max(0, context.deadlineNanos() - ticker.nanoTime()) : Long.MAX_VALUE;
        }

        @Override
        public long nanoTime(Ticker clock) {
            return clock.equals(ticker) ? now() : clock.nanoTime();
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
        if (!listener.isEmpty()) {
            listener.end(begun, event(false, nanos, Optional.of(failure)));
        }
        long now = ticker.nanoTime();
        long next = nextLogNanos.get();
        if (now - next >= 0 && nextLogNanos.compareAndSet(next, now + LOG_INTERVAL_NANOS)) {
            ForeignCode.logFailure(
                    place() + ": trying to " + what + " an answer in the cache, for the " + count
                            + ". time that it fails (calls go on without it),",
                    failure);
        }
    }

    private CacheEvent event(boolean hit, long nanos, Optional<Throwable> failure) {
        return new CacheEvent(artifact.model(), artifact.version(), hit, nanos, failure);
    }
}
