package dev.kitchen.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.ConfigurationException;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.spi.CacheKey;
import dev.kitchen.spi.PredictionCache;
import dev.kitchen.spi.VersionIdentity;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.testkit.ManualTicker;
import dev.kitchen.testkit.PredictionCacheContract;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class RedisCacheTest extends PredictionCacheContract {

    private static final Duration LONG = Duration.ofHours(1);

    private static Optional<RedisProcess> redis;
    private static String uri;

    private final ManualTicker ticker = new ManualTicker();
    private final String prefix = "kitchen-test:" + UUID.randomUUID() + ":";

    @BeforeAll
    static void start() throws IOException {
        redis = RedisProcess.given().isPresent() ? Optional.empty() : Optional.of(RedisProcess.start());
        uri = redis.map(RedisProcess::uri).or(RedisProcess::given).orElseThrow();
    }

    @AfterAll
    static void stop() {
        redis.ifPresent(RedisProcess::close);
    }

    @Override
    protected RedisCache open() {
        return RedisCache.builder(uri)
                .prefix(prefix)
                .nearBytes(16 << 20)
                .timeout(Duration.ofSeconds(2))
                .ticker(ticker)
                .open();
    }

    @Override
    protected void close(PredictionCache opened) {
        opened.invalidate("*", "*");
        ((RedisCache) opened).close();
    }

    @Override
    protected void passTime(Duration time) {
        letPass(ticker, time);
    }

    /** Time in memory and in Redis. */
    static void letPass(ManualTicker ticker, Duration time) {
        ticker.advance(time);
        // Redis counts from when the write reaches it, for which nobody waits.
        long end = System.nanoTime() + time.toNanos() + TimeUnit.MILLISECONDS.toNanos(100);
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    /** What the tests with several processes ask. */
    static CacheKey question() {
        return question(1);
    }

    static CacheKey question(int number) {
        return question("m", number);
    }

    static CacheKey question(String model, int number) {
        return key(model, "1", number);
    }

    static NamedValues reply() {
        return reply(5);
    }

    static NamedValues reply(int number) {
        return answer(number);
    }

    private static void put(PredictionCache cache, CacheKey key, NamedValues outputs) {
        cache.put(key, outputs, LONG, cache.epoch(key));
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(100_000);
        }
    }

    @Test
    void anotherCacheFindsWhatThisOneKept() {
        CacheKey key = key("m", "1", 1, 2);
        try (RedisCache one = open();
                RedisCache other = open()) {
            put(one, key, answer(7));

            await(() -> other.get(key).isPresent());
            assertThat(other.get(key)).contains(answer(7));
            assertThat(other.statistics().errors()).isZero();
        }
    }

    @Test
    void aChangeOfOneReachesTheOthersMemory() {
        CacheKey key = key("m", "1", 1);
        try (RedisCache one = open();
                RedisCache other = open()) {
            put(one, key, answer(1));
            await(() -> other.get(key).isPresent());

            put(one, key, answer(2));
            await(() -> other.get(key).equals(Optional.of(answer(2))));
            one.invalidate("m", "1");
            assertThat(one.get(key)).isEmpty();
            await(() -> other.get(key).isEmpty());
            assertThat(one.get(key)).isEmpty();
        }
    }

    @Test
    void anInvalidationOfOneKeepsOutWhatAnotherIsComputing() {
        CacheKey key = key("m", "1", 1);
        try (RedisCache one = open();
                RedisCache other = open()) {
            long before = other.epoch(key);
            one.invalidate("*", "*");
            await(() -> other.epoch(key) != before);

            other.put(key, answer(1), LONG, before);

            assertThat(other.get(key)).isEmpty();
            assertThat(one.get(key)).isEmpty();
        }
    }

    @Test
    void forgetsAllWhenAnotherClientEmptiesRedis() {
        CacheKey key = key("m", "1", 1);
        try (RedisCache cache = open()) {
            put(cache, key, answer(1));
            assertThat(cache.get(key)).isPresent();

            RedisProcess.asClient(uri, it -> it.sync().flushall());

            await(() -> cache.get(key).isEmpty());
        }
    }

    @Test
    void answersOfUnknownArtifactsStayInThisProcess() {
        VersionIdentity unknown =
                new VersionIdentity("m", "1", UUID.randomUUID().toString());
        CacheKey key = CacheKey.of(
                unknown, PredictionRequest.of(Map.of("x", Tensor.of(new float[] {1}, 1)), CallOptions.defaults()));
        try (RedisCache cache = open()) {
            put(cache, key, answer(1));

            assertThat(cache.get(key)).contains(answer(1));
            assertThat(keys()).isEmpty();
        }
    }

    @Test
    void whatOthersChangeKeepsNoAnswersOfUnknownArtifactsOut() {
        CacheKey heard = key("m", "1");
        VersionIdentity unknown =
                new VersionIdentity("m", "1", UUID.randomUUID().toString());
        try (RedisCache one = open();
                RedisCache other = open()) {
            put(other, heard, answer(1));
            await(() -> one.get(heard).equals(Optional.of(answer(1))));
            for (int i = 0; i < 500; i++) {
                put(other, key("n", Integer.toString(i)), answer(i));
            }
            put(other, heard, answer(2));
            await(() -> one.get(heard).equals(Optional.of(answer(2))));

            for (int i = 0; i < 100; i++) {
                CacheKey key = CacheKey.of(
                        unknown,
                        PredictionRequest.of(Map.of("x", Tensor.of(new float[] {i}, 1)), CallOptions.defaults()));
                put(one, key, answer(i));
                assertThat(one.get(key)).contains(answer(i));
            }
        }
    }

    private List<byte[]> keys() {
        return RedisProcess.asClient(uri, it -> it.sync().keys(prefix + "*:*"));
    }

    @Test
    void whatSomebodyElsePutThereIsAMissAndTheNextAnswerReplacesIt() {
        CacheKey key = key("m", "1", 1);
        byte[] name = (prefix + "m:1:" + key.sha256()).getBytes(StandardCharsets.UTF_8);
        for (byte[] poison : List.of(
                new byte[0],
                "hello".getBytes(StandardCharsets.UTF_8),
                new byte[] {(byte) 0xac, (byte) 0xed, 0, 5, 's', 'r'},
                new byte[100_000])) {
            RedisProcess.asClient(uri, it -> it.sync().set(name, poison));
            try (RedisCache cache = open()) {
                assertThat(cache.get(key)).isEmpty();
                put(cache, key, answer(1));
                await(() -> cache.get(key).equals(Optional.of(answer(1))));
            }
        }
        RedisProcess.asClient(uri, it -> it.sync().del(name));
        RedisProcess.asClient(uri, it -> it.sync().lpush(name, name));
        try (RedisCache cache = open()) {
            assertThat(cache.get(key)).isEmpty();
        }
    }

    @Test
    void largeAnswersAreCompressedAndTooLargeOnesStayInThisProcess() {
        NamedValues zeros = NamedValues.of("y", Tensor.of(new float[100_000], 100_000));
        NamedValues huge = NamedValues.of("y", Tensor.copyOf(DataType.INT8, ByteBuffer.allocate(9 << 20), 9 << 20));
        CacheKey key = key("m", "1", 1);
        CacheKey hugeKey = key("m", "1", 2);
        try (RedisCache cache = open();
                RedisCache other = open()) {
            put(cache, key, zeros);
            put(cache, hugeKey, huge);

            await(() -> other.get(key).isPresent());
            assertThat(other.get(key)).contains(zeros);
            assertThat(keys()).hasSize(1);
            long length = RedisProcess.asClient(uri, it -> it.sync().strlen(keys().get(0)));
            assertThat(length).isLessThan(10_000);
            assertThat(cache.get(hugeKey)).contains(huge);
            assertThat(other.get(hugeKey)).isEmpty();
        }
    }

    @Test
    void namesOfEndpointsCannotReachOthersKeys() {
        try (RedisCache cache = open()) {
            put(cache, key("a:b", "1", 1), answer(1));
            put(cache, key("a", "b:1", 1), answer(2));
            put(cache, key("[ab]", "1", 1), answer(3));
            put(cache, key("caf\u00e9*", "1", 1), answer(4));
            try (RedisCache other = open()) {
                await(() -> other.get(key("caf\u00e9*", "1", 1)).isPresent());
                cache.invalidate("caf?\\*", "*");
                cache.invalidate("a", "*");
                cache.invalidate(CacheKey.literally("[ab]"), "1");
                await(() -> other.get(key("[ab]", "1", 1)).isEmpty());
                assertThat(other.get(key("a:b", "1", 1))).contains(answer(1));
                assertThat(other.get(key("a", "b:1", 1))).isEmpty();
                assertThat(other.get(key("caf\u00e9*", "1", 1))).isEmpty();
            }
        }
    }

    @Test
    void aClosedCacheHasNoAnswersAndDoesNotFail() {
        RedisCache cache = open();
        CacheKey key = key("m", "1", 1);
        put(cache, key, answer(1));
        cache.close();

        assertThat(cache.get(key)).isEmpty();
        put(cache, key, answer(1));
        cache.invalidate("*", "*");
        cache.close();
    }

    @Test
    void saysWhatIsWrongWithItsSettings() {
        assertThatThrownBy(() -> RedisCache.connect("http://secret@nowhere"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("redis cache: address is none, expected redis://host:port");
        assertThatThrownBy(() -> RedisCache.builder(uri)
                        .prefix("a*")
                        .timeout(Duration.ZERO)
                        .open())
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("redis cache: prefix is 'a*', expected letters, digits and :._-; "
                        + "timeout is PT0S, expected more than zero");
        assertThatThrownBy(() -> RedisCache.connect("redis://kitchen:p@ss/word@127.0.0.1"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("redis cache: address has '@' twice");
    }
}
