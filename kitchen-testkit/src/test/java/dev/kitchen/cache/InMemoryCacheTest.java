package dev.kitchen.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.ConfigurationException;
import dev.kitchen.spi.CacheKey;
import dev.kitchen.spi.CacheStatistics;
import dev.kitchen.spi.PredictionCache;
import dev.kitchen.testkit.ManualTicker;
import dev.kitchen.testkit.PredictionCacheContract;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class InMemoryCacheTest extends PredictionCacheContract {

    private final ManualTicker ticker = new ManualTicker();

    @Override
    protected PredictionCache open() {
        return InMemoryCache.ofMaxBytes(16 << 20, ticker);
    }

    @Override
    protected void passTime(Duration time) {
        ticker.advance(time);
    }

    @Test
    void refusesASizeOfNothing() {
        assertThatThrownBy(() -> InMemoryCache.ofMaxBytes(0))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("in-memory cache: maxBytes is 0, expected 1 or more");
    }

    @Test
    void keepsNothingThatIsLargerThanAllOfIt() {
        InMemoryCache tiny = InMemoryCache.ofMaxBytes(100);
        CacheKey key = key("m", "1", 1);

        tiny.put(key, answer(1), Duration.ofHours(1), tiny.epoch(key));

        assertThat(tiny.get(key)).isEmpty();
        assertThat(tiny.statistics().bytes()).isZero();
    }

    @Test
    void aByteIsASize() {
        assertThat(InMemoryCache.ofMaxBytes(1).statistics().entries()).isZero();
    }

    @Test
    void anAnswerFoundAfterItsTimeIsAMissAndAnEviction() {
        InMemoryCache cache = InMemoryCache.ofMaxBytes(1 << 20, ticker);
        CacheKey key = key("m", "1", 1);
        cache.put(key, answer(1), Duration.ofMillis(400), cache.epoch(key));
        cache.get(key);
        ticker.advance(Duration.ofMillis(400));

        cache.get(key);

        CacheStatistics statistics = cache.statistics();
        assertThat(statistics.hits()).isEqualTo(1);
        assertThat(statistics.misses()).isEqualTo(1);
        assertThat(statistics.evictions()).isEqualTo(1);
        assertThat(statistics.entries()).isZero();
    }

    @Test
    void forgetsOneAnswerAndTakesItAgain() {
        InMemoryCache cache = InMemoryCache.ofMaxBytes(1 << 20, ticker);
        CacheKey one = key("m", "1", 1);
        CacheKey other = key("m", "1", 2);
        long epoch = cache.epoch(one);
        cache.put(one, answer(1), Duration.ofHours(1), epoch);
        cache.put(other, answer(2), Duration.ofHours(1), epoch);

        cache.remove(one);

        assertThat(cache.get(one)).isEmpty();
        assertThat(cache.get(other)).contains(answer(2));
        cache.put(one, answer(3), Duration.ofHours(1), epoch);
        assertThat(cache.get(one)).contains(answer(3));
    }
}
