package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.cache.InMemoryCache;
import dev.kitchen.error.DeadlineExceededException;
import dev.kitchen.error.KitchenException;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.error.RejectedException;
import dev.kitchen.error.RejectedException.Reason;
import dev.kitchen.guard.AdmissionConfig;
import dev.kitchen.guard.CircuitBreaker;
import dev.kitchen.guard.CircuitBreakerConfig;
import dev.kitchen.guard.Fallback;
import dev.kitchen.guard.RetryPolicy;
import dev.kitchen.observe.KitchenListener;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.spi.Backend;
import dev.kitchen.spi.PredictionCache;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import dev.kitchen.testkit.Callers;
import dev.kitchen.testkit.FakeBackend;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;

/** Guards for the front-door fuzz test: tight limits, breakers that open and are forced, stand-ins, and runs that fail. */
final class FuzzGuard implements FuzzRules {

    private static final String FAULT = "a fault on purpose";

    private final boolean on;
    private final int maxRuns;
    private final AdmissionConfig admission;
    private final CircuitBreakerConfig breaking;
    private final int fallback;
    private final boolean hasVersions;
    private final Faults faults;

    FuzzGuard(SplittableRandom random, boolean hasVersions, Faults faults) {
        this.faults = faults;
        this.on = random.nextInt(3) > 0;
        this.hasVersions = hasVersions;
        this.maxRuns = 1 + random.nextInt(4);
        this.admission = AdmissionConfig.builder()
                .maxConcurrentRuns(maxRuns)
                .maxQueued(random.nextInt(6))
                .build();
        this.breaking = random.nextBoolean()
                ? CircuitBreakerConfig.defaults()
                : CircuitBreakerConfig.afterFailures(1 + random.nextInt(3)).toBuilder()
                        .openDuration(Duration.ofMillis(1))
                        .build();
        this.fallback = random.nextInt(3);
    }

    EndpointOptions options(String model, EndpointOptions.Builder options) {
        if (!on) {
            return options.build();
        }
        options.admission(admission)
                .circuitBreaker(breaking)
                .retry(RetryPolicy.builder()
                        .maxAttempts(2)
                        .firstPause(Duration.ofNanos(1_000))
                        .longestPause(Duration.ofNanos(10_000))
                        .build());
        if (fallback == 1 && hasVersions) {
            options.fallback(Fallback.toVersion(FuzzCaller.ALIAS));
        } else if (fallback > 0) {
            options.fallback(Fallback.to(request -> {
                faults.failIfStruck(Faults.Kind.FALLBACK_FAILS);
                return answer(model, request);
            }));
        }
        return options.build();
    }

    /** The backend, which throws what there is to throw. */
    Backend hostile(FakeBackend backend) {
        return new ChaosBackend(backend, faults);
    }

    KitchenListener listener() {
        return ChaosKitchen.listener(faults);
    }

    PredictionCache cache(long maxBytes) {
        return new TroubledCache(InMemoryCache.ofMaxBytes(maxBytes), () -> {
            faults.lingerIfStruck(Faults.Kind.CACHE_IS_SLOW);
            faults.failIfStruck(Faults.Kind.CACHE_FAILS);
            return false;
        });
    }

    /** What the model would say, were its version called like the stand-in. */
    static Map<String, Value> answer(String model, PredictionRequest request) {
        Tensor input = request.inputs().tensor("x");
        Map<String, Value> answer = new HashMap<>();
        for (String output : request.options().requestedOutputs()) {
            answer.put(
                    output,
                    switch (output) {
                        case "echo" -> input;
                        case "sum" -> FuzzCall.sums(input);
                        default -> tags(model, (int) input.shape().dimension(0));
                    });
        }
        return answer;
    }

    private static Tensor tags(String model, int rows) {
        String[] tags = new String[rows];
        Arrays.fill(tags, FuzzCall.tag(model, Fallback.FUNCTION));
        return Tensor.ofStrings(tags, rows);
    }

    /** Fails a run now and then, but not those that prove a version. */
    void maybeFail() {
        boolean proof = Thread.currentThread().getName().startsWith("kitchen-loader");
        if (on && !proof && ThreadLocalRandom.current().nextInt(40) == 0) {
            throw Thrown.sneaky(Thrown.any(FAULT));
        }
    }

    /** Whether a call may end so. */
    @Override
    public void requireExpected(KitchenException e, boolean poisoned) {
        if (e instanceof NotReadyException || e instanceof DeadlineExceededException) {
            return;
        }
        if (e instanceof RejectedException refused && refused.reason() == Reason.CIRCUIT_OPEN) {
            // The usual breaker opens, too, where many calls outlast their time in their run.
            return;
        }
        assertThat(on).as("%s without a guard", e).isTrue();
        assertThat(e instanceof RejectedException
                        || String.valueOf(e.getMessage()).contains(FAULT))
                .as("%s", e)
                .isTrue();
    }

    /** Opens and closes breakers by hand under the callers' feet. */
    void meddle(Iterable<Endpoint> endpoints, SplittableRandom random) {
        endpoints.forEach(it -> force(it.circuitBreaker().orElseThrow(), on ? random.nextInt(4) : 3));
    }

    static void force(CircuitBreaker breaker, int choice) {
        switch (choice) {
            case 0 -> breaker.forceOpen();
            case 1 -> breaker.forceClosed();
            default -> breaker.reset();
        }
    }

    /** As many runs as may be are possible at once: no permit was lost. */
    void requirePermits(FakeBackend backend, Iterable<Endpoint> endpoints) throws InterruptedException {
        backend.duringRuns(() -> {});
        for (Endpoint endpoint : endpoints) {
            endpoint.circuitBreaker().orElseThrow().reset();
            backend.block();
            Callers callers = Callers.start(maxRuns, (number, started) -> endpoint.predict("x", Models.x(number)));
            backend.awaitRunning(maxRuns);
            assertThat(backend.running()).isEqualTo(maxRuns);
            backend.release();
            callers.join();
        }
    }
}
