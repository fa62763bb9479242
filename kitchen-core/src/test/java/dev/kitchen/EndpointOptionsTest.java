package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.batch.BatchingConfig;
import dev.kitchen.cache.CacheConfig;
import dev.kitchen.cache.InMemoryCache;
import dev.kitchen.error.ConfigurationException;
import dev.kitchen.guard.AdmissionConfig;
import dev.kitchen.guard.CircuitBreakerConfig;
import dev.kitchen.guard.Fallback;
import dev.kitchen.guard.RetryPolicy;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class EndpointOptionsTest {

    private static final EndpointOptions ALL_SET = EndpointOptions.builder()
            .timeLimit(Duration.ofSeconds(1))
            .cache(CacheConfig.in(InMemoryCache.ofMaxBytes(1_000)))
            .batching(BatchingConfig.defaults())
            .circuitBreaker(CircuitBreakerConfig.none())
            .admission(AdmissionConfig.unlimited())
            .retry(RetryPolicy.attempts(2))
            .fallback(Fallback.toVersion("1"))
            .build();

    @Test
    void inheritWhatTheyDoNotSet() {
        assertThat(EndpointOptions.defaults().inherit(ALL_SET))
                .usingRecursiveComparison()
                .isEqualTo(ALL_SET);
    }

    @Test
    void keepWhatTheySet() {
        EndpointOptions others = EndpointOptions.builder()
                .timeLimit(Duration.ofSeconds(9))
                .batching(BatchingConfig.builder().maxItems(9).build())
                .retry(RetryPolicy.attempts(9))
                .build();

        assertThat(ALL_SET.inherit(others)).usingRecursiveComparison().isEqualTo(ALL_SET);
    }

    @Test
    void areCopiedWhole() {
        assertThat(ALL_SET.toBuilder().build()).usingRecursiveComparison().isEqualTo(ALL_SET);
    }

    @Test
    void refuseATimeLimitOfNothing() {
        assertThatThrownBy(
                        () -> EndpointOptions.builder().timeLimit(Duration.ZERO).build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("endpoint options: timeLimit is PT0S, expected more than zero");
    }
}
