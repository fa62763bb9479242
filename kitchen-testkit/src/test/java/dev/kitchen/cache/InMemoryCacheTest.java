package dev.kitchen.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.ConfigurationException;
import dev.kitchen.spi.CacheKey;
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
}
