package dev.kitchen.stage.caching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.cache.CacheConfig;
import dev.kitchen.cache.InMemoryCache;
import dev.kitchen.observe.CacheEvent;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.Prediction.Source;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.runtime.CallContext;
import dev.kitchen.session.AnswerCheck;
import dev.kitchen.session.Predictor;
import dev.kitchen.spi.CacheKey;
import dev.kitchen.spi.CacheLookup;
import dev.kitchen.spi.CacheStatistics;
import dev.kitchen.spi.PredictionCache;
import dev.kitchen.spi.VersionIdentity;
import dev.kitchen.telemetry.SafeListener;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.testkit.ManualTicker;
import dev.kitchen.testkit.RecordingListener;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What is told of a cache, and what becomes of answers when a part of it fails. */
class KeptAnswersTest {

    private static final VersionIdentity ARTIFACT = new VersionIdentity("m", "1", "5e".repeat(32));
    private static final PredictionRequest QUESTION = PredictionRequest.of(Map.of("x", Tensor.of(new float[] {1}, 1)));
    private static final Duration LOOK = Duration.ofMillis(5);

    private final ManualTicker ticker = new ManualTicker();
    private final RecordingListener listener = new RecordingListener();

    /** A cache each of whose parts does something first. */
    private static final class Watched implements PredictionCache {

        private final PredictionCache cache;
        private Runnable onGet = () -> {};
        private Runnable onEpoch = () -> {};
        private Runnable onPut = () -> {};
        private Optional<Throwable> trouble = Optional.empty();
        private final AtomicInteger puts = new AtomicInteger();

        Watched(PredictionCache cache) {
            this.cache = cache;
        }

        @Override
        public Optional<NamedValues> get(CacheKey key) {
            onGet.run();
            return cache.get(key);
        }

        @Override
        public Optional<NamedValues> get(CacheKey key, CacheLookup lookup) {
            trouble.ifPresent(lookup::failed);
            return get(key);
        }

        @Override
        public long epoch(CacheKey key) {
            onEpoch.run();
            return cache.epoch(key);
        }

        @Override
        public void put(CacheKey key, NamedValues outputs, Duration timeToLive, long epoch) {
            puts.incrementAndGet();
            onPut.run();
            cache.put(key, outputs, timeToLive, epoch);
        }

        @Override
        public void invalidate(String endpointPattern, String versionPattern) {
            cache.invalidate(endpointPattern, versionPattern);
        }

        @Override
        public CacheStatistics statistics() {
            return cache.statistics();
        }
    }

    private final Watched cache = new Watched(InMemoryCache.ofMaxBytes(1 << 20, ticker));

    private Predictor stage(PredictionCache answers) {
        CacheConfig config =
                CacheConfig.builder(answers).timeToLive(Duration.ofMinutes(1)).build();
        Predictor model = (request, context) -> new Prediction("m", "1", request.inputs(), 0);
        AnswerCheck check = new AnswerCheck(
                ModelSignature.of(List.of(), List.of(new TensorSpec("x", DataType.FLOAT, Shape.of(1)))));
        KeptAnswers kept = new KeptAnswers(config, ARTIFACT, ticker, new SafeListener(List.of(listener)), check);
        SingleFlight flights = new SingleFlight(model, kept, (context, done) -> {}, Runnable::run, ticker);
        return new CachingPredictor(model, kept, flights, ticker);
    }

    private Source ask(Predictor stage) {
        return stage.predict(QUESTION, new CallContext(ticker.nanoTime(), CallContext.NO_DEADLINE))
                .source();
    }

    private static void fail() {
        throw new IllegalStateException("out of order");
    }

    @Test
    void tellsHowLongAMissAndAHitTook() {
        Predictor stage = stage(cache);
        cache.onGet = () -> ticker.advance(LOOK);

        assertThat(ask(stage)).isEqualTo(Source.MODEL);
        assertThat(ask(stage)).isEqualTo(Source.CACHE);

        assertThat(listener.cacheEvents())
                .containsExactly(
                        new CacheEvent("m", "1", false, LOOK.toNanos(), Optional.empty()),
                        new CacheEvent("m", "1", true, LOOK.toNanos(), Optional.empty()));
    }

    @Test
    void tellsHowLongALookUpTookThatThrew() {
        cache.onGet = () -> {
            ticker.advance(LOOK);
            fail();
        };

        assertThat(ask(stage(cache))).isEqualTo(Source.MODEL);

        assertThat(listener.cacheEvents()).singleElement().satisfies(it -> {
            assertThat(it.durationNanos()).isEqualTo(LOOK.toNanos());
            assertThat(it.failure()).containsInstanceOf(IllegalStateException.class);
        });
    }

    @Test
    void tellsHowLongALookUpTookThatSaidItFailed() {
        IllegalStateException away = new IllegalStateException("away");
        cache.trouble = Optional.of(away);
        cache.onGet = () -> ticker.advance(LOOK);

        assertThat(ask(stage(cache))).isEqualTo(Source.MODEL);

        assertThat(listener.cacheEvents())
                .containsExactly(new CacheEvent("m", "1", false, LOOK.toNanos(), Optional.of(away)));
    }

    @Test
    void anAnswerWithoutAMarkIsNotKept() {
        cache.onEpoch = KeptAnswersTest::fail;

        assertThat(ask(stage(cache))).isEqualTo(Source.MODEL);

        assertThat(cache.puts).hasValue(0);
        assertThat(listener.cacheEvents())
                .extracting(it -> it.failure().isPresent())
                .containsExactly(false, true);
    }

    @Test
    void tellsThatAnAnswerCouldNotBeKept() {
        cache.onPut = KeptAnswersTest::fail;

        assertThat(ask(stage(cache))).isEqualTo(Source.MODEL);

        assertThat(cache.puts).hasValue(1);
        assertThat(listener.cacheEvents())
                .extracting(it -> it.failure().isPresent())
                .containsExactly(false, true);
    }

    @Test
    void timesToLiveGoByTheClockOfTheCache() {
        ManualTicker itsOwn = new ManualTicker();
        Predictor stage = stage(InMemoryCache.ofMaxBytes(1 << 20, itsOwn));
        ask(stage);

        ticker.advance(Duration.ofMinutes(2));
        assertThat(ask(stage)).isEqualTo(Source.CACHE);

        itsOwn.advance(Duration.ofMinutes(2));
        assertThat(ask(stage)).isEqualTo(Source.MODEL);
    }
}
