package dev.kitchen.redis;

import dev.kitchen.error.NotReadyException;
import dev.kitchen.spi.CacheKey;
import dev.kitchen.spi.CacheLookup;
import dev.kitchen.tensor.NamedValues;
import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.SetArgs;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Answers in Redis. A request waits for them within a time limit; nobody waits for a write. */
final class FarAnswers implements AutoCloseable {

    private static final long MAX_UNSENT_BYTES = 32 << 20;
    private static final int SCAN_COUNT = 512;
    /** Whoever forgets answers waits longer for it than a request does. */
    private static final Duration INVALIDATION_TIMEOUT = Duration.ofSeconds(2);

    private static final Duration FOREVER = Duration.ofDays(365);

    private final KeyNames names;
    private final ValueFormat format;
    private final Breaker breaker;
    private final Connecting connection;
    /** Answers on their way: an invalidation waits for those that were sent before it. */
    private final Set<CompletableFuture<?>> sending = ConcurrentHashMap.newKeySet();

    private final long timeoutNanos;
    private final LongAdder errors = new LongAdder();
    private final AtomicLong unsentBytes = new AtomicLong();

    /** An answer and how long it may be kept. */
    record Found(NamedValues outputs, Duration timeToLive) {}

    FarAnswers(RedisCache.Builder builder, KeyNames names, RedisLink.Listener listener) {
        this.names = names;
        this.format = new ValueFormat(builder.compressAboveBytes, builder.maxValueBytes);
        this.breaker = new Breaker(builder.ticker);
        this.timeoutNanos = builder.timeout.toNanos();
        this.connection =
                new Connecting(() -> RedisLink.to(builder.uris, builder.prefix, listener), breaker::connected);
    }

    /** Whether every change of Redis is heard of. */
    boolean hearsAll() {
        return connection.hearsAll();
    }

    long errors() {
        return errors.sum();
    }

    private static byte[] bytes(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    Optional<Found> get(CacheKey key, String name, CacheLookup lookup) {
        long nanos = Math.min(timeoutNanos, lookup.nanosLeft());
        if (nanos <= 0 || !breaker.allows()) {
            return Optional.empty();
        }
        try {
            RedisLink link = connection.link();
            RedisFuture<byte[]> value = link.reads().get(bytes(name));
            RedisFuture<Long> remaining = link.reads().pttl(bytes(name));
            Optional<byte[]> bytes = Optional.ofNullable(await(value, remaining, nanos));
            breaker.succeeded();
            return bytes.flatMap(it -> format.decode(key, it)).flatMap(it -> found(it, remaining));
        } catch (InterruptedException e) {
            breaker.unknown();
            Thread.currentThread().interrupt();
        } catch (RedisCommandExecutionException e) {
            breaker.succeeded(); // it refuses, but it is there
            failed(e, lookup);
        } catch (TimeoutException e) {
            if (nanos < timeoutNanos) {
                breaker.unknown(); // the call had less time than Redis may take
            } else {
                breaker.failed();
            }
            failed(e, lookup);
        } catch (RedisException | CancellationException e) {
            breaker.failed();
            failed(e, lookup);
        }
        return Optional.empty();
    }

    private void failed(Exception failure, CacheLookup lookup) {
        errors.increment();
        lookup.failed(failure);
    }

    /** The first one's result, when both are there. */
    private static byte[] await(RedisFuture<byte[]> value, RedisFuture<Long> remaining, long nanos)
            throws InterruptedException, TimeoutException {
        long end = System.nanoTime() + nanos;
        try {
            byte[] result = result(value, nanos);
            result(remaining, Math.max(0, end - System.nanoTime()));
            return result;
        } catch (TimeoutException e) {
            value.cancel(true);
            remaining.cancel(true);
            throw e;
        }
    }

    private static <T> T result(Future<T> future, long nanos) throws InterruptedException, TimeoutException {
        try {
            return future.get(nanos, TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RedisException failure ? failure : new RedisException(e.getCause());
        }
    }

    /** Empty where its time ended between the two looks. */
    private static Optional<Found> found(NamedValues outputs, RedisFuture<Long> remaining) {
        long millis = remaining.toCompletableFuture().join();
        if (millis == -1) {
            return Optional.of(new Found(outputs, FOREVER));
        }
        return millis <= 0 ? Optional.empty() : Optional.of(new Found(outputs, Duration.ofMillis(millis)));
    }

    /** What {@link #put} takes; empty where the answer is too long. */
    Optional<byte[]> encode(CacheKey key, NamedValues outputs) {
        return breaker.isOpen() ? Optional.empty() : format.encode(key, outputs);
    }

    /** Sends an answer, and does not wait. */
    @SuppressWarnings({"FutureReturnValueIgnored", "CollectionUndefinedEquality"}) // each future is itself only
    void put(String name, byte[] value, Duration timeToLive) {
        if (unsentBytes.addAndGet(value.length) > MAX_UNSENT_BYTES) {
            unsentBytes.addAndGet(-value.length);
            errors.increment();
            return;
        }
        SetArgs arguments = timeToLive.compareTo(FOREVER) < 0
                ? SetArgs.Builder.px(Math.max(1, timeToLive.toMillis()))
                : new SetArgs();
        try {
            CompletableFuture<?> sent = connection
                    .link()
                    .changes()
                    .set(bytes(name), value, arguments)
                    .toCompletableFuture();
            sending.add(sent);
            sent.whenComplete((ok, failure) -> {
                sending.remove(sent);
                unsentBytes.addAndGet(-value.length);
                if (failure != null) {
                    errors.increment();
                }
            });
        } catch (RedisException e) {
            unsentBytes.addAndGet(-value.length);
            errors.increment();
        }
    }

    void invalidate(String endpointPattern, String versionPattern) {
        try {
            RedisLink link = connection.link();
            awaitSent();
            change(link.changes().incr(bytes(names.epoch())));
            ScanArgs matching =
                    ScanArgs.Builder.limit(SCAN_COUNT).match(names.matching(endpointPattern, versionPattern));
            ScanCursor cursor = ScanCursor.INITIAL;
            while (!cursor.isFinished()) {
                KeyScanCursor<byte[]> page = change(link.changes().scan(cursor, matching));
                List<byte[]> found = page.getKeys();
                if (!found.isEmpty()) {
                    change(link.changes().unlink(found.toArray(byte[][]::new)));
                }
                cursor = page;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw notForgotten(e);
        } catch (RedisException | TimeoutException | CancellationException e) {
            errors.increment();
            throw notForgotten(e);
        }
    }

    /**
     * A scan may overtake answers that were sent before it: in a cluster it goes over connections of its own, and an
     * answer may have to be sent to another node. What it does not see would outlive the invalidation.
     */
    private void awaitSent() throws InterruptedException, TimeoutException {
        CompletableFuture<Void> all = CompletableFuture.allOf(sending.toArray(CompletableFuture[]::new));
        try {
            all.get(INVALIDATION_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            // All have ended: an answer that was not taken need not be forgotten.
        }
    }

    private static <T> T change(Future<T> change) throws InterruptedException, TimeoutException {
        return result(change, INVALIDATION_TIMEOUT.toNanos());
    }

    private static NotReadyException notForgotten(Exception cause) {
        return new NotReadyException(
                "redis cache: this process has forgotten the answers, Redis may not have: " + cause, cause);
    }

    @Override
    public void close() {
        connection.close();
    }
}
