package dev.kitchen.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.spi.CacheKey;
import dev.kitchen.spi.CacheStatistics;
import dev.kitchen.spi.PredictionCache;
import dev.kitchen.spi.VersionIdentity;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.EmptyOptional;
import dev.kitchen.tensor.MapValue;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.SequenceValue;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link PredictionCache} promises. Extend it, and say how to open an empty one with some megabytes. */
public abstract class PredictionCacheContract {

    private static final Duration LONG = Duration.ofHours(1);

    private PredictionCache cache;

    /** For implementations of the contract. */
    protected PredictionCacheContract() {}

    /** A cache without answers, of 4 MiB at least and 64 MiB at most. */
    protected abstract PredictionCache open();

    /** Lets so much time pass for the cache. */
    protected abstract void passTime(Duration time) throws Exception;

    /** Frees what {@link #open} took. */
    protected void close(PredictionCache opened) {}

    @BeforeEach
    void openIt() {
        cache = open();
    }

    @AfterEach
    void closeIt() {
        close(cache);
    }

    /** A question to version {@code version} of {@code model}. */
    protected static CacheKey key(String model, String version, float... x) {
        VersionIdentity artifact = new VersionIdentity(model, version, "5e".repeat(32));
        return CacheKey.of(artifact, PredictionRequest.of(Map.of("x", Tensor.of(x, x.length)), CallOptions.defaults()));
    }

    /** An answer that is equal only to itself. */
    protected static NamedValues answer(float number) {
        return NamedValues.of("y", Tensor.of(new float[] {number}, 1));
    }

    private void put(CacheKey key, NamedValues outputs) {
        cache.put(key, outputs, LONG, cache.epoch(key));
    }

    @Test
    void answersWhatWasPutAndNothingElse() {
        put(key("m", "1", 1), answer(1));
        put(key("m", "1", 2), answer(2));

        assertThat(cache.get(key("m", "1", 1))).contains(answer(1));
        assertThat(cache.get(key("m", "1", 2))).contains(answer(2));
        assertThat(cache.get(key("m", "1", 3))).isEmpty();
        assertThat(cache.get(key("m", "2", 1))).isEmpty();
        assertThat(cache.get(key("n", "1", 1))).isEmpty();
    }

    @Test
    void theLastAnswerHolds() {
        put(key("m", "1", 1), answer(1));
        put(key("m", "1", 1), answer(2));

        assertThat(cache.get(key("m", "1", 1))).contains(answer(2));
    }

    @Test
    void givesEveryKindOfValueBackAsItWas() {
        Map<String, Value> values = new LinkedHashMap<>();
        for (DataType type : DataType.values()) {
            if (type != DataType.STRING) {
                byte[] bits = new byte[6 * type.sizeBytes()];
                for (int i = 0; i < bits.length; i++) {
                    bits[i] = (byte) (type == DataType.BOOL ? i % 2 : 31 * i);
                }
                values.put(type.name(), Tensor.copyOf(type, java.nio.ByteBuffer.wrap(bits), 2, 3));
            }
        }
        values.put("scalar", Tensor.of(new double[] {-0.0}));
        values.put("none", Tensor.of(new float[0], 0, 4));
        values.put("nan", Tensor.ofBits(DataType.FLOAT, new int[] {0x7fc00001, 0x80000000}, 2));
        values.put("texts", Tensor.ofStrings(new String[] {"", "\u00e4\u20ac", "\ud83c\udf72", "\ud800"}, 2, 2));
        MapValue scores = MapValue.of(DataType.INT64, DataType.FLOAT, Map.of(1L, 0.25f, -2L, Float.NaN));
        values.put("maps", new SequenceValue(List.of(scores, scores)));
        values.put("names", MapValue.of(DataType.STRING, DataType.STRING, Map.of("a", "b")));
        values.put("counts", MapValue.of(DataType.STRING, DataType.INT64, Map.of("a", 3L)));
        values.put("doubles", MapValue.of(DataType.INT64, DataType.DOUBLE, Map.of(1L, -0.0)));
        values.put("nothing", new EmptyOptional());
        NamedValues outputs = NamedValues.of(values);
        CacheKey key = key("m", "1", 1);

        put(key, outputs);

        assertThat(cache.get(key)).contains(outputs);
        assertThat(cache.get(key).orElseThrow().names()).isEqualTo(outputs.names());
    }

    @Test
    void forgetsAnAnswerWhenItsTimeIsOver() throws Exception {
        CacheKey early = key("m", "1", 1);
        CacheKey late = key("m", "1", 2);
        cache.put(early, answer(1), Duration.ofMillis(400), cache.epoch(early));
        cache.put(late, answer(2), LONG, cache.epoch(late));
        assertThat(cache.get(early)).contains(answer(1));

        passTime(Duration.ofMillis(400));

        assertThat(cache.get(early)).isEmpty();
        assertThat(cache.get(late)).contains(answer(2));
    }

    @Test
    void takesTheLongestTimeThereIs() {
        CacheKey key = key("m", "1", 1);
        cache.put(key, answer(1), Duration.ofSeconds(Long.MAX_VALUE), cache.epoch(key));

        assertThat(cache.get(key)).contains(answer(1));
    }

    @Test
    void invalidatesByPatternsOfEndpointAndVersion() {
        for (String model : List.of("fraud-eu", "fraud-us", "iris", "a*b", "axb")) {
            put(key(model, "1", 1), answer(1));
            put(key(model, "2", 1), answer(2));
        }

        cache.invalidate("fraud-*", "1");
        assertThat(answered("fraud-eu", "fraud-us", "iris"))
                .containsExactly("fraud-eu 2", "fraud-us 2", "iris 1", "iris 2");

        cache.invalidate("fraud-eu", "*");
        cache.invalidate("iri?", "2");
        assertThat(answered("fraud-eu", "fraud-us", "iris")).containsExactly("fraud-us 2", "iris 1");

        cache.invalidate(CacheKey.literally("a*b"), "*");
        assertThat(answered("a*b", "axb")).containsExactly("axb 1", "axb 2");

        cache.invalidate("*", "*");
        assertThat(answered("fraud-eu", "fraud-us", "iris", "a*b", "axb")).isEmpty();
    }

    private List<String> answered(String... models) {
        List<String> found = new ArrayList<>();
        for (String model : models) {
            for (String version : List.of("1", "2")) {
                if (cache.get(key(model, version, 1)).isPresent()) {
                    found.add(model + " " + version);
                }
            }
        }
        return found;
    }

    @Test
    void anInvalidationKeepsOutWhatWasComputedBefore() {
        CacheKey key = key("m", "1", 1);
        long before = cache.epoch(key);

        cache.invalidate("m", "*");
        cache.put(key, answer(1), LONG, before);
        assertThat(cache.get(key)).isEmpty();

        put(key, answer(2));
        assertThat(cache.get(key)).contains(answer(2));
    }

    @Test
    void noOldAnswerIsGivenOnceAnInvalidationHasReturned() throws Exception {
        CacheKey key = key("m", "1", 1);
        for (int round = 1; round <= 200; round++) {
            float old = round;
            Callers putting = Callers.start(2, (caller, started) -> {
                long epoch = cache.epoch(key);
                started.run();
                cache.put(key, answer(old), LONG, epoch);
            });
            putting.awaitStarted();
            cache.invalidate("m", "1");
            Optional<NamedValues> found = cache.get(key);
            putting.join();

            assertThat(found).isEmpty();
            assertThat(cache.get(key)).isEmpty();
        }
    }

    @Test
    void givesNobodyAnotherOnesAnswer() throws Exception {
        Callers.run(4, caller -> {
            for (int i = 0; i < 500; i++) {
                float number = i % 50;
                CacheKey key = key("m", "1", number);
                cache.get(key).ifPresent(it -> assertThat(it).isEqualTo(answer(number)));
                if (i % 37 == 0) {
                    cache.invalidate("*", "1");
                }
                put(key, answer(number));
            }
        });
    }

    @Test
    void countsHitsMissesAndWhatItHolds() {
        CacheStatistics before = cache.statistics();
        assertThat(before.entries()).isZero();
        put(key("m", "1", 1), answer(1));
        cache.get(key("m", "1", 1));
        cache.get(key("m", "1", 1));
        cache.get(key("m", "1", 2));

        CacheStatistics after = cache.statistics();
        assertThat(after.hits() - before.hits()).isEqualTo(2);
        assertThat(after.misses() - before.misses()).isEqualTo(1);
        assertThat(after.entries()).isEqualTo(1);
        assertThat(after.bytes()).isGreaterThan(8);
        assertThat(after.errors()).isZero();
    }

    @Test
    void staysWithinItsMemory() {
        float[] large = new float[64 << 10];
        for (int i = 0; i < 512; i++) {
            large[0] = i;
            put(key("m", "1", i), NamedValues.of("y", Tensor.of(large, large.length)));
        }

        CacheStatistics statistics = cache.statistics();
        assertThat(statistics.bytes()).isLessThanOrEqualTo(64L << 20);
        assertThat(statistics.evictions()).isPositive();
        assertThat(statistics.entries()).isLessThan(512);
    }
}
