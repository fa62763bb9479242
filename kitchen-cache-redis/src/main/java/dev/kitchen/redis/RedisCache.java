package dev.kitchen.redis;

import dev.kitchen.error.ConfigurationException;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.predict.Ticker;
import dev.kitchen.spi.CacheKey;
import dev.kitchen.spi.CacheLookup;
import dev.kitchen.spi.CacheStatistics;
import dev.kitchen.spi.PredictionCache;
import dev.kitchen.tensor.NamedValues;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.push.PushMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Answers that several JVMs share through Redis, behind answers in this JVM's memory. Redis tells each JVM what the
 * others change. However slow Redis is, or gone, a request waits for it no longer than the time limit, and soon not at
 * all: the model answers. Only answers of artifacts that have the same identity everywhere go to Redis, which is their
 * SHA-256: those of a registry. Closed by whoever opened it.
 *
 * <pre>{@code
 * try (RedisCache cache = RedisCache.builder("rediss://kitchen:secret@redis.example:6379").open()) {
 *     ... EndpointOptions.builder().cache(CacheConfig.builder(cache).timeToLive(Duration.ofMinutes(10)).build())
 * }
 * }</pre>
 */
public final class RedisCache implements PredictionCache, AutoCloseable {

    /** The longest an answer stays in memory while Redis does not tell of changes. */
    private static final Duration UNHEARD_TIME_TO_LIVE = Duration.ofSeconds(1);

    private final KeyNames names;
    private final NearAnswers near;
    private final FarAnswers far;
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    /** Held shared to put and alone to begin an invalidation: what was put before is sent before. */
    private final ReadWriteLock invalidation = new ReentrantReadWriteLock();

    private volatile boolean closed;

    private RedisCache(Builder builder) {
        this.names = new KeyNames(builder.prefix);
        this.near = new NearAnswers(builder.nearBytes, builder.ticker);
        this.far = new FarAnswers(builder, names, new Changes());
    }

    /**
     * A cache in this Redis, with the default settings. See {@link Builder#open}.
     *
     * @throws ConfigurationException if the address is none
     * @throws NotReadyException if Redis refuses the connection's user, password or certificate
     */
    public static RedisCache connect(String uri) {
        return builder(uri).open();
    }

    /**
     * Settings of a cache in this Redis.
     *
     * @param uris one address as Lettuce writes them: {@code redis://}, {@code rediss://} for TLS with certificates that
     *     the JVM trusts, {@code redis-sentinel://host1,host2/0#master}, with {@code user:password@} for ACL; or several
     *     nodes of a cluster
     */
    public static Builder builder(String... uris) {
        return new Builder(List.of(uris));
    }

    @Override
    public Optional<NamedValues> get(CacheKey key) {
        return get(key, Patient.INSTANCE);
    }

    @Override
    public Optional<NamedValues> get(CacheKey key, CacheLookup lookup) {
        if (closed) {
            return Optional.empty();
        }
        Optional<NamedValues> found = near.get(key);
        if (found.isEmpty() && isShared(key)) {
            found = fetch(key, lookup);
        }
        (found.isPresent() ? hits : misses).increment();
        return found;
    }

    /** A look-up that belongs to no call. */
    private enum Patient implements CacheLookup {
        INSTANCE;

        @Override
        public long nanoTime(Ticker clock) {
            return clock.nanoTime();
        }

        @Override
        public long nanosLeft() {
            return Long.MAX_VALUE;
        }

        @Override
        public void failed(Throwable failure) {}
    }

    /** Whether another process can ask the same: the identity is a SHA-256, and not a text of this load only. */
    private static boolean isShared(CacheKey key) {
        return key.version().identity().length() == 64;
    }

    private Optional<NamedValues> fetch(CacheKey key, CacheLookup lookup) {
        String name = names.of(key);
        long mark = near.mark(key, name);
        Optional<FarAnswers.Found> found = far.get(key, name, lookup);
        found.ifPresent(it -> near.put(key.owned(), name, it.outputs(), nearTime(it.timeToLive()), mark));
        return found.map(FarAnswers.Found::outputs);
    }

    private Duration nearTime(Duration timeToLive) {
        return far.hearsAll() || timeToLive.compareTo(UNHEARD_TIME_TO_LIVE) < 0 ? timeToLive : UNHEARD_TIME_TO_LIVE;
    }

    @Override
    public long epoch(CacheKey key) {
        return isShared(key) ? near.mark(key, names.of(key)) : near.epoch(key);
    }

    @Override
    public void put(CacheKey key, NamedValues outputs, Duration timeToLive, long epoch) {
        if (closed) {
            return;
        }
        if (!isShared(key)) {
            near.put(key, outputs, timeToLive, epoch);
            return;
        }
        String name = names.of(key);
        Optional<byte[]> bytes = far.encode(key, outputs);
        invalidation.readLock().lock();
        try {
            if (near.isCurrent(key, name, epoch)) {
                bytes.ifPresent(it -> far.put(name, it, timeToLive));
                near.put(key, name, outputs, nearTime(timeToLive), epoch);
            }
        } finally {
            invalidation.readLock().unlock();
        }
    }

    /**
     * As {@link PredictionCache#invalidate}, and in Redis. Other processes hear of it within moments; what they are just
     * computing does not come in either, once they have heard.
     *
     * @throws NotReadyException if Redis does not do it: this process has forgotten, Redis may not have
     */
    @Override
    public void invalidate(String endpointPattern, String versionPattern) {
        invalidation.writeLock().lock();
        try {
            near.invalidate(endpointPattern, versionPattern);
        } finally {
            invalidation.writeLock().unlock();
        }
        if (!closed) {
            far.invalidate(endpointPattern, versionPattern);
        }
    }

    @Override
    public CacheStatistics statistics() {
        CacheStatistics memory = near.statistics();
        return new CacheStatistics(
                hits.sum(), misses.sum(), memory.evictions(), memory.entries(), memory.bytes(), far.errors());
    }

    /** Disconnects. From now on there are no answers. */
    @Override
    public void close() {
        closed = true;
        far.close();
    }

    /** What Redis tells. */
    private final class Changes implements RedisLink.Listener {

        @Override
        public void onPush(PushMessage message) {
            if (!"invalidate".equals(message.getType())) {
                return;
            }
            List<Object> content = message.getContent(
                    it -> StandardCharsets.UTF_8.decode(it.duplicate()).toString());
            if (content.size() > 1 && content.get(1) instanceof List<?> changed) {
                changed.forEach(it -> changed(String.valueOf(it)));
            } else {
                near.invalidate("*", "*");
            }
        }

        private void changed(String name) {
            if (name.equals(names.epoch())) {
                near.outdateLoads();
            } else {
                near.changed(name);
            }
        }

        @Override
        public void onGap() {
            near.invalidate("*", "*");
        }
    }

    /** Collects settings; not thread-safe. */
    public static final class Builder {

        final List<RedisURI> uris = new ArrayList<>();
        String prefix = "kitchen:";
        long nearBytes = 64 << 20;
        int maxValueBytes = 8 << 20;
        int compressAboveBytes = 4096;
        Duration timeout = Duration.ofMillis(50);
        Ticker ticker = Ticker.system();

        private Builder(List<String> uris) {
            if (uris.isEmpty()) {
                throw new ConfigurationException("redis cache: has no address, expected one at least");
            }
            for (String uri : uris) {
                this.uris.add(address(uri));
            }
        }

        /** The address may hold a password, so no message and no cause repeats any of it. */
        private static RedisURI address(String uri) {
            if (uri.indexOf('@') != uri.lastIndexOf('@')) {
                throw new ConfigurationException(
                        "redis cache: address has '@' twice, expected the special characters of a password as %40 and the like");
            }
            try {
                return RedisURI.create(uri);
            } catch (IllegalArgumentException e) {
                throw new ConfigurationException("redis cache: address is none, expected redis://host:port");
            }
        }

        /** What all keys in Redis begin with. If unset, {@code kitchen:}. */
        public Builder prefix(String beginning) {
            this.prefix = beginning;
            return this;
        }

        /** How much memory answers may take in this JVM. If unset, 64 MiB. */
        public Builder nearBytes(long bytes) {
            this.nearBytes = bytes;
            return this;
        }

        /** The longest answer that goes to Redis or comes from there, before it is compressed. If unset, 8 MiB. */
        public Builder maxValueBytes(int bytes) {
            this.maxValueBytes = bytes;
            return this;
        }

        /** The length from which answers are compressed, where that helps. If unset, 4 KiB. */
        public Builder compressAboveBytes(int bytes) {
            this.compressAboveBytes = bytes;
            return this;
        }

        /** How long a request waits for Redis at most. If unset, 50 ms. */
        public Builder timeout(Duration limit) {
            this.timeout = limit;
            return this;
        }

        /** The clock for times to live in memory and for pauses. If unset, {@link Ticker#system}. */
        public Builder ticker(Ticker clock) {
            this.ticker = clock;
            return this;
        }

        /**
         * Connects; blocks until that is done, some seconds at most. If Redis is not there, the cache opens all the same:
         * it keeps answers in memory and tries to connect again, after pauses of 1 to 15 seconds. Later on it reconnects
         * by itself.
         *
         * @throws ConfigurationException naming what is wrong
         * @throws NotReadyException if Redis refuses the connection's user, password or certificate
         */
        public RedisCache open() {
            List<String> problems = new ArrayList<>();
            if (prefix.isEmpty() || !prefix.matches("[A-Za-z0-9:._-]+")) {
                problems.add("prefix is '" + prefix + "', expected letters, digits and :._-");
            }
            if (maxValueBytes < 1) {
                problems.add("maxValueBytes is " + maxValueBytes + ", expected 1 or more");
            }
            if (compressAboveBytes < 0) {
                problems.add("compressAboveBytes is " + compressAboveBytes + ", expected 0 or more");
            }
            if (timeout.isZero() || timeout.isNegative()) {
                problems.add("timeout is " + timeout + ", expected more than zero");
            }
            if (!problems.isEmpty()) {
                throw new ConfigurationException("redis cache: " + String.join("; ", problems));
            }
            return new RedisCache(this);
        }
    }
}
