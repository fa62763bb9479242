package dev.kitchen.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.Endpoint;
import dev.kitchen.EndpointOptions;
import dev.kitchen.Kitchen;
import dev.kitchen.cache.CacheConfig;
import dev.kitchen.cache.InMemoryCache;
import dev.kitchen.micrometer.KitchenMetrics;
import dev.kitchen.observe.KitchenListener;
import dev.kitchen.observe.LoadEvent;
import dev.kitchen.observe.PredictionEvent;
import dev.kitchen.observe.VersionStatistics;
import dev.kitchen.spi.PredictionCache;
import dev.kitchen.tensor.Tensor;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

/** The snippets of docs/guide/watching-and-metrics.md. */
class WatchingTest {

    private static final Tensor FLOWER = Tensor.ofRows(new float[][] {{5.1f, 3.5f, 1.4f, 0.2f}});

    @Test
    void readsStatistics() {
        try (Kitchen kitchen = Kitchen.open(Path.of("models"))) {
            Endpoint endpoint = kitchen.endpoint("iris");
            endpoint.predict("input", FLOWER);
            // snippet: watching-statistics
            for (VersionStatistics version : endpoint.statistics()) {
                System.out.printf(
                        "%s %s: %.1f answers per second, p99 %s, failures %s%n",
                        version.model(),
                        version.version(),
                        version.answersPerSecond(),
                        version.p99(),
                        version.failures());
            }
            // end
            assertThat(endpoint.statistics()).singleElement().matches(version -> version.answers() == 1);
        }
    }

    // snippet: watching-listener
    /** Counts failures, and reports models that do not load. */
    static final class FailureListener implements KitchenListener {

        private final LongAdder failures = new LongAdder();

        @Override
        public void onPrediction(PredictionEvent event) {
            if (event.failure().isPresent()) {
                failures.increment();
            }
        }

        @Override
        public void onLoad(LoadEvent event) {
            event.failure()
                    .ifPresent(failure -> System.err.println(event.model() + " did not load: " + failure.getMessage()));
        }
    }
    // end

    @Test
    void notifiesAListener() {
        FailureListener listener = new FailureListener();
        try (Kitchen kitchen =
                Kitchen.builder().models(Path.of("models")).listener(listener).open()) {
            kitchen.endpoint("iris").predict("input", FLOWER);
        }

        assertThat(listener.failures.sum()).isZero();
    }

    @Test
    void feedsMicrometer() {
        PredictionCache cache = InMemoryCache.ofMaxBytes(1 << 20);
        MeterRegistry meterRegistry = new SimpleMeterRegistry();
        EndpointOptions cached =
                EndpointOptions.builder().cache(CacheConfig.in(cache)).build();
        // snippet: watching-micrometer
        KitchenMetrics metrics = KitchenMetrics.in(meterRegistry);
        Kitchen kitchen = Kitchen.builder()
                .models(Path.of("models"))
                .endpoint("iris", cached)
                .listener(metrics)
                .open();
        metrics.gauge(kitchen); // calls that run and calls that wait
        metrics.gauge(cache, "answers"); // a cache as a whole
        // end
        try (kitchen) {
            kitchen.endpoint("iris").predict("input", FLOWER);

            assertThat(meterRegistry.get("kitchen.inference.requests").timer().count())
                    .isEqualTo(1);
            assertThat(meterRegistry.get("cache.size").gauge().value()).isEqualTo(1);
        }
    }
}
