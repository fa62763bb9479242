package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.error.InferenceException;
import dev.kitchen.error.KitchenException;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.CallOptions.CacheMode;
import dev.kitchen.predict.Prediction.Source;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.testkit.Callers;
import dev.kitchen.testkit.FakeBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything goes wrong at once, for a while: every call is answered with what is its own or ends typed, and afterwards
 * nothing is missing.
 */
@Timeout(300)
class ChaosTest {

    private static final Logger LOGGER = LoggerFactory.getLogger(ChaosTest.class);
    private static final int CALLERS_OF_A_KIND = 6;

    @TempDir
    Path directory;

    private final long seed =
            Long.getLong("kitchen.fuzz.seed", ThreadLocalRandom.current().nextLong());
    private final SplittableRandom random = new SplittableRandom(seed);
    private final Faults faults = new Faults();
    private final FakeBackend fake = new FakeBackend().inRows();
    private final ChaosBackend backend = new ChaosBackend(fake, faults);
    private final List<FuzzCaller> callers = new CopyOnWriteArrayList<>();
    private final Map<Endpoint, BoundCalls> endpoints = new HashMap<>();
    private final Map<String, LongAdder> failures = new ConcurrentHashMap<>();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final AtomicBoolean over = new AtomicBoolean();
    private int interrupts;
    private int operations;

    @Test
    void everyCallIsAnsweredOrEndsTypedAndNothingIsLost() throws Exception {
        chaos(Duration.ofSeconds(3));
    }

    @Test
    @Tag("proof")
    void everyCallIsAnsweredOrEndsTypedAndNothingIsLostInAMinute() throws Exception {
        chaos(Duration.ofSeconds(60));
    }

    private void chaos(Duration time) throws Exception {
        Set<Thread> before = kitchenThreads();
        Path models = Files.createDirectories(directory.resolve("models"));
        try (Kitchen kitchen = new ChaosKitchen(faults).open(models, backend)) {
            endure(time, kitchen);
        }
        report(time);
        assertThat(kitchenThreads()).isEqualTo(before);
        assertThat(fake.openSessions()).isZero();
        assertThat(fake.running()).isZero();
        assertThat(fake.violations()).isZero();
    }

    /** A storm, a look at what it has left, and another storm to close in. */
    private void endure(Duration time, Kitchen kitchen) throws Exception {
        FuzzRegistry registry = new FuzzRegistry(kitchen.registry(), directory);
        registry.fill(ChaosKitchen.PERMITS.size());
        for (String name : kitchen.endpointNames()) {
            Endpoint endpoint = kitchen.endpoint(name);
            endpoints.put(endpoint, endpoint.bindings(2, Map.of("x", Shape.of(1, 2))));
        }
        faults.begin();
        List<Callers> storm = storm();
        meddleFor(time, kitchen, registry);
        over.set(true);
        join(storm);
        faults.end();
        requirePermits();
        faults.begin();
        closeUnderFire(kitchen);
    }

    private void report(Duration time) {
        LOGGER.warn(
                "chaos of {}, seed {}: {} calls, {} answers checked, {} of them cached; ended typed {}; faults {};"
                        + " {} operations, {} interrupts",
                time,
                seed,
                count(FuzzCaller::calls),
                count(FuzzCaller::answers),
                count(FuzzCaller::cached),
                failures,
                faults,
                operations,
                interrupts);
    }

    private static Set<Thread> kitchenThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(it -> it.getName().startsWith("kitchen-"))
                .collect(Collectors.toSet());
    }

    private int count(ToIntFunction<FuzzCaller> what) {
        return callers.stream().mapToInt(what).sum();
    }

    /** Callers that do whatever there is to do until it is over. */
    private List<Callers> storm() throws InterruptedException {
        over.set(false);
        int first = callers.size();
        ThreadFactory virtual = Threads.hasVirtualOnes() ? Threads.virtualOnes() : Thread::new;
        List<Callers> storm = List.of(callers(first, Thread::new), callers(first + CALLERS_OF_A_KIND, virtual));
        for (Callers some : storm) {
            some.awaitStarted();
        }
        return storm;
    }

    private Callers callers(int first, ThreadFactory kind) {
        return Callers.start(CALLERS_OF_A_KIND, kind, (number, started) -> {
            FuzzCaller caller = new FuzzCaller(first + number, seed, endpoints, true, new Chaos(), closing::get);
            callers.add(caller);
            while (!over.get()) {
                caller.call();
                started.run();
            }
        });
    }

    private static void join(List<Callers> storm) throws InterruptedException {
        for (Callers some : storm) {
            some.join();
        }
    }

    private final class Chaos implements FuzzRules {

        @Override
        public boolean isChaos() {
            return true;
        }

        @Override
        public void requireExpected(KitchenException e, boolean poisoned) {
            failures.computeIfAbsent(e.getClass().getSimpleName(), it -> new LongAdder())
                    .increment();
            if (e instanceof InferenceException) {
                String message = String.valueOf(e.getMessage());
                assertThat(message.contains(Faults.MESSAGE) || poisoned && message.contains(ChaosBackend.POISONED))
                        .as("%s", e)
                        .isTrue();
            }
        }
    }

    private void meddleFor(Duration time, Kitchen kitchen, FuzzRegistry registry) throws IOException {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end || !faults.haveAllStruck()) {
            meddle(kitchen, registry);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private void meddle(Kitchen kitchen, FuzzRegistry registry) throws IOException {
        switch (random.nextInt(20)) {
            case 0 -> registry.operate(random, Integer.toString(3 + operations++));
            case 1 -> registry.deployGarbage("m0", Integer.toString(3 + operations++));
            case 2 -> kitchen.refresh();
            case 3 -> endpoints.keySet().forEach(Endpoint::statistics);
            case 4, 5, 6 -> forceABreaker();
            default -> interruptACaller();
        }
    }

    private void forceABreaker() {
        for (Endpoint endpoint : endpoints.keySet()) {
            FuzzGuard.force(endpoint.circuitBreaker().orElseThrow(), random.nextInt(6));
            FuzzGuard.force(endpoint.circuitBreaker(FuzzCaller.ALIAS).orElseThrow(), random.nextInt(6));
        }
    }

    private void interruptACaller() {
        callers.get(random.nextInt(callers.size())).interrupt();
        interrupts++;
    }

    /** As many runs as may be come together, for each version that anybody may ask for, and not one more. */
    private void requirePermits() throws InterruptedException {
        backend.measure();
        for (Endpoint endpoint : endpoints.keySet()) {
            for (String version : new HashSet<>(List.of(endpoint.version(), "2"))) {
                endpoint.circuitBreaker(version).orElseThrow().reset();
                assertThat(mostAtOnce(endpoint, version))
                        .as("runs at once of %s, version %s", endpoint.name(), version)
                        .isEqualTo(ChaosKitchen.PERMITS.get(endpoint.name()));
            }
        }
    }

    private int mostAtOnce(Endpoint endpoint, String version) throws InterruptedException {
        int permits = ChaosKitchen.PERMITS.getOrDefault(endpoint.name(), 0);
        String tag = FuzzCall.tag(endpoint.name(), version);
        backend.mostAtOnce(tag);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        int most = 0;
        for (int i = 0; i < 5 || most < permits && System.nanoTime() < end; i++) {
            burst(endpoint, version, permits + 2);
            most = Math.max(most, backend.mostAtOnce(tag));
        }
        return most;
    }

    /** Calls that share no run, as each has another shape. */
    private static void burst(Endpoint endpoint, String version, int callers) throws InterruptedException {
        CallOptions options = CallOptions.builder()
                .version(version)
                .cacheMode(CacheMode.BYPASS)
                .timeLimit(Duration.ofSeconds(5))
                .build();
        Callers.run(callers, caller -> {
            for (int i = 0; i < 10; i++) {
                Tensor input = Tensor.of(new float[caller + 1], 1, caller + 1);
                assertThat(endpoint.predict("x", input, options).source()).isEqualTo(Source.MODEL);
            }
        });
    }

    private void closeUnderFire(Kitchen kitchen) throws Exception {
        List<Callers> storm = storm();
        closing.set(true);
        CompletableFuture.runAsync(kitchen::close).get(30, TimeUnit.SECONDS);
        over.set(true);
        join(storm);
    }
}
