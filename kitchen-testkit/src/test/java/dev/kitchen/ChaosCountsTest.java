package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.Faults.Kind;
import dev.kitchen.error.KitchenException;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.testkit.Callers;
import dev.kitchen.testkit.FakeBackend;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever runs, caches, fallbacks, stops and listeners throw, events and statistics agree with what the callers saw. */
@Timeout(3_600)
class ChaosCountsTest {

    private static final Set<Kind> FAULTS = EnumSet.of(
            Kind.RUN_FAILS,
            Kind.RUN_HANGS,
            Kind.RUN_IS_SLOW,
            Kind.STOP_FAILS,
            Kind.CACHE_FAILS,
            Kind.CACHE_IS_SLOW,
            Kind.FALLBACK_FAILS,
            Kind.LISTENER_FAILS);

    /** Calls that a caller makes who may be interrupted, and one who may not, as no truth is known of half a bulk call. */
    private enum Call {
        PREDICT,
        BOUND,
        ASYNC,
        BULK
    }

    @TempDir
    Path directory;

    private final Truth truth = new Truth();

    @Test
    void everyCallIsCountedAsItEndedWhateverIsThrown() throws Exception {
        storm(Duration.ofSeconds(2));
    }

    @Test
    @Tag("proof")
    void everyCallIsCountedAsItEndedWhateverIsThrownForAMinute() throws Exception {
        storm(Duration.ofSeconds(60));
    }

    private void storm(Duration time) throws Exception {
        for (String name : ChaosKitchen.PERMITS.keySet()) {
            FakeBackend.writeModel(directory, name, FuzzCall.tag(name, "1"));
        }
        Faults faults = new Faults(FAULTS);
        FakeBackend fake = new FakeBackend().inRows();
        try (Kitchen kitchen = new ChaosKitchen(faults)
                .builder(directory, Optional.empty(), new ChaosBackend(fake, faults))
                .watch(Duration.ZERO)
                .listener(truth)
                .open()) {
            List<Endpoint> endpoints =
                    kitchen.endpointNames().stream().map(kitchen::endpoint).toList();
            faults.begin();
            long end = System.nanoTime() + time.toNanos();
            List<Thread> interruptible = new CopyOnWriteArrayList<>();
            Callers patient = Callers.start(3, (number, started) -> call(endpoints, end, Call.ASYNC, Call.BULK));
            Callers nervous = Callers.start(4, (number, started) -> {
                interruptible.add(Thread.currentThread());
                call(endpoints, end, Call.PREDICT, Call.BOUND);
            });
            while (System.nanoTime() < end) {
                if (!interruptible.isEmpty()) {
                    interruptible
                            .get(ThreadLocalRandom.current().nextInt(interruptible.size()))
                            .interrupt();
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(3));
            }
            patient.join();
            nervous.join();
            faults.end();
            for (Endpoint endpoint : endpoints) {
                truth.requireEventsAgree(endpoint.name());
                truth.requireStatisticsAgree(endpoint);
                assertThat(truth.of(endpoint.name())).hasSizeGreaterThan(2);
            }
        }
        assertThat(fake.openSessions()).isZero();
    }

    private void call(List<Endpoint> endpoints, long end, Call one, Call other) {
        SplittableRandom random = new SplittableRandom();
        while (System.nanoTime() < end) {
            Endpoint endpoint = endpoints.get(random.nextInt(endpoints.size()));
            PredictionRequest request = PredictionRequest.of(
                    Map.of("x", Models.x(random.nextInt(20), 2)),
                    CallOptions.builder()
                            .requestedOutputs("echo", "sum")
                            .timeLimit(Duration.ofMillis(1 + random.nextInt(30)))
                            .build());
            try {
                call(endpoint, request, random.nextBoolean() ? one : other);
            } catch (KitchenException e) {
                // Noted by the truth.
                Thread.interrupted();
            }
        }
        Thread.interrupted();
    }

    private void call(Endpoint endpoint, PredictionRequest request, Call kind) {
        switch (kind) {
            case PREDICT -> truth.call(endpoint.name(), () -> endpoint.predict(request));
            case BOUND -> bound(endpoint, request);
            case ASYNC -> async(endpoint, request);
            case BULK ->
                endpoint.predictAll(List.of(request, request, request))
                        .forEach(it -> it.failure()
                                .ifPresentOrElse(
                                        failure -> truth.failed(endpoint.name(), failure),
                                        () -> truth.answered(endpoint.name())));
        }
    }

    private void bound(Endpoint endpoint, PredictionRequest request) {
        try (BoundCall call = endpoint.bind(Map.of("x", Models.x(1, 2).shape()))) {
            CallOptions limited =
                    CallOptions.timeLimit(request.options().timeLimit().orElseThrow());
            truth.call(endpoint.name(), () -> {
                call.run(limited);
                return null;
            });
        }
    }

    private void async(Endpoint endpoint, PredictionRequest request) {
        try {
            endpoint.predictAsync(request).join();
            truth.answered(endpoint.name());
        } catch (KitchenException | CompletionException e) {
            truth.failed(endpoint.name(), e);
        }
    }
}
