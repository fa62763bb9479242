package dev.kitchen;

import dev.kitchen.batch.BatchingConfig;
import dev.kitchen.cache.CacheConfig;
import dev.kitchen.cache.InMemoryCache;
import dev.kitchen.guard.AdmissionConfig;
import dev.kitchen.guard.CircuitBreakerConfig;
import dev.kitchen.guard.Fallback;
import dev.kitchen.guard.RetryPolicy;
import dev.kitchen.observe.BatchEvent;
import dev.kitchen.observe.BreakerEvent;
import dev.kitchen.observe.CacheEvent;
import dev.kitchen.observe.CloseEvent;
import dev.kitchen.observe.KitchenListener;
import dev.kitchen.observe.LoadEvent;
import dev.kitchen.observe.PredictionEvent;
import dev.kitchen.observe.RegistryEvent;
import dev.kitchen.observe.SwapEvent;
import dev.kitchen.spi.Backend;
import dev.kitchen.spi.ControlStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** A kitchen of three models, with all stages among them, each of which fails at random. */
final class ChaosKitchen {

    /** How many runs of a version there may be at once, by its model. */
    static final Map<String, Integer> PERMITS = Map.of("m0", 2, "m1", 4, "m2", 3);

    private static final RetryPolicy RETRYING = RetryPolicy.builder()
            .maxAttempts(2)
            .firstPause(Duration.ofNanos(1_000))
            .longestPause(Duration.ofNanos(100_000))
            .build();

    private final Faults faults;

    ChaosKitchen(Faults faults) {
        this.faults = faults;
    }

    /**
     * Opens it.
     *
     * @param store where the document is, if not beside the files
     */
    Kitchen open(Path registry, Optional<ControlStore> store, Backend backend) {
        return builder(registry, store, backend).open();
    }

    /** What {@link #open} opens. */
    Kitchen.Builder builder(Path registry, Optional<ControlStore> store, Backend backend) {
        Kitchen.Builder builder = Kitchen.builder();
        store.ifPresent(builder::controlStore);
        return builder.backend(backend)
                .models(registry)
                .listener(listener(faults))
                .asyncThreads(4)
                .watch(Duration.ofMillis(20))
                .drainLimit(Duration.ofMillis(100))
                .endpoint("m0", everything())
                .endpoint("m1", adaptive())
                .endpoint("m2", delayed());
    }

    private static EndpointOptions.Builder guarded(AdmissionConfig admission) {
        return EndpointOptions.builder()
                .timeLimit(Duration.ofMillis(50))
                .admission(admission)
                .circuitBreaker(CircuitBreakerConfig.afterFailures(5).toBuilder()
                        .openDuration(Duration.ofMillis(2))
                        .build())
                .retry(RETRYING);
    }

    private static AdmissionConfig admission(String model, int maxQueued) {
        return AdmissionConfig.builder()
                .maxConcurrentRuns(PERMITS.get(model))
                .maxQueued(maxQueued)
                .build();
    }

    private EndpointOptions everything() {
        return guarded(admission("m0", 4))
                .cache(troubled())
                .batching(BatchingConfig.builder()
                        .aloneBelow(Duration.ZERO)
                        .concurrentRuns(4)
                        .build())
                .fallback(Fallback.toVersion(FuzzCaller.ALIAS).orElse(request -> {
                    faults.failIfStruck(Faults.Kind.FALLBACK_FAILS);
                    return FuzzGuard.answer("m0", request);
                }))
                .build();
    }

    private EndpointOptions adaptive() {
        return guarded(admission("m1", 8).toBuilder()
                        .targetLatency(Duration.ofMillis(1))
                        .build())
                .cache(troubled().toBuilder().timeToLive(Duration.ofMillis(10)).build())
                .circuitBreaker(CircuitBreakerConfig.defaults())
                .build();
    }

    private EndpointOptions delayed() {
        BatchingConfig batching = BatchingConfig.builder()
                .delay(Duration.ofNanos(200_000))
                .aloneBelow(Duration.ZERO)
                .build();
        return guarded(admission("m2", 3))
                .batching(batching.toBuilder().concurrentRuns(5).maxItems(8).build())
                .build();
    }

    private CacheConfig troubled() {
        return CacheConfig.in(new TroubledCache(InMemoryCache.ofMaxBytes(60_000), () -> {
            faults.lingerIfStruck(Faults.Kind.CACHE_IS_SLOW);
            faults.failIfStruck(Faults.Kind.CACHE_FAILS);
            return false;
        }));
    }

    static KitchenListener listener(Faults faults) {
        return new FailingListener(faults);
    }

    private record FailingListener(Faults faults) implements KitchenListener {

        @Override
        public void onPrediction(PredictionEvent event) {
            fail();
        }

        @Override
        public void onLoad(LoadEvent event) {
            fail();
        }

        @Override
        public void onClose(CloseEvent event) {
            fail();
        }

        @Override
        public void onSwap(SwapEvent event) {
            fail();
        }

        @Override
        public void onCache(CacheEvent event) {
            fail();
        }

        @Override
        public void onBreaker(BreakerEvent event) {
            fail();
        }

        @Override
        public void onRegistry(RegistryEvent event) {
            fail();
        }

        @Override
        public void onBatch(BatchEvent event) {
            fail();
        }

        private void fail() {
            faults.failIfStruck(Faults.Kind.LISTENER_FAILS);
        }
    }
}
