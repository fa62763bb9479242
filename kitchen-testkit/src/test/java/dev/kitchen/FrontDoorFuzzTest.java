package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.batch.BatchingConfig;
import dev.kitchen.cache.CacheConfig;
import dev.kitchen.tensor.Shape;
import dev.kitchen.testkit.Callers;
import dev.kitchen.testkit.FakeBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one test above all: whatever callers do at once, every answer is its caller's own, from the model it names. A
 * model's answers encode their input and the model; callers lend buffers and scribble over them, set time limits, cancel,
 * ask for versions, have models swapped, deployed and rolled back and are closed upon, all by a seed that a failure names.
 */
@Timeout(3_600)
class FrontDoorFuzzTest {

    private static final Logger LOGGER = LoggerFactory.getLogger(FrontDoorFuzzTest.class);
    private static final int CALLS_EACH = 150;

    /** What goes wrong besides runs where plug-ins are hostile: nothing that keeps a version from serving. */
    private static final Set<Faults.Kind> FAULTS = EnumSet.of(
            Faults.Kind.CACHE_FAILS,
            Faults.Kind.CACHE_IS_SLOW,
            Faults.Kind.LISTENER_FAILS,
            Faults.Kind.FALLBACK_FAILS,
            Faults.Kind.SESSION_CLOSE_FAILS);

    @TempDir
    Path directory;

    private boolean hostile;
    private final AtomicLong answers = new AtomicLong();
    private final AtomicLong cached = new AtomicLong();

    @Test
    void everyAnswerIsItsCallersOwn() throws Exception {
        rounds(60);
    }

    @Test
    @Tag("proof")
    void everyAnswerIsItsCallersOwnForAnHourOfCalls() throws Exception {
        rounds(3_000);
    }

    /** For {@code kitchen.fuzz.minutes}, 10 by default. */
    @Test
    @Tag("proof")
    void everyAnswerIsItsCallersOwnForMinutesWhateverIsThrown() throws Exception {
        hostile = true;
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(Long.getLong("kitchen.fuzz.minutes", 10));
        rounds(it -> System.nanoTime() < end);
    }

    private void rounds(int count) throws Exception {
        rounds(it -> it < count);
    }

    private void rounds(IntPredicate goesOn) throws Exception {
        long seed =
                Long.getLong("kitchen.fuzz.seed", ThreadLocalRandom.current().nextLong());
        int count = 0;
        for (; goesOn.test(count); count++) {
            try {
                round(seed + count);
            } catch (AssertionError e) {
                throw new AssertionError(
                        "round " + count + " failed; repeat with -Dkitchen.fuzz.seed=" + (seed + count), e);
            }
        }
        LOGGER.warn("front-door fuzz: {} rounds, {} answers checked, {} of them cached", count, answers, cached);
        assertThat(answers).hasPositiveValue();
        assertThat(cached).hasPositiveValue();
    }

    private void round(long seed) throws IOException, InterruptedException {
        SplittableRandom random = new SplittableRandom(seed);
        FakeBackend backend = new FakeBackend().inRows();
        Set<Thread> before = kitchenThreads();
        Faults faults = new Faults(hostile || random.nextInt(4) == 0 ? FAULTS : Set.of());
        boolean registered = random.nextBoolean();
        boolean staged = random.nextBoolean();
        FuzzGuard guard = new FuzzGuard(random, registered, faults);
        Kitchen kitchen = registered
                ? registeredKitchen(backend, guard, staged, random)
                : randomKitchen(backend, guard, staged, random);
        boolean longRuns = random.nextInt(4) == 0;
        backend.duringRuns(() -> {
            lingerABit(longRuns);
            guard.maybeFail();
        });
        faults.begin();
        Map<Endpoint, BoundCalls> endpoints = new HashMap<>();
        kitchen.endpointNames().forEach(it -> {
            Endpoint endpoint = kitchen.endpoint(it);
            endpoints.put(endpoint, endpoint.bindings(2, Map.of("x", Shape.of(1, 2))));
        });
        AtomicBoolean closing = new AtomicBoolean();
        boolean closeEarly = random.nextBoolean();
        ThreadFactory kind = random.nextBoolean() && Threads.hasVirtualOnes() ? Threads.virtualOnes() : Thread::new;
        Callers callers = Callers.start(2 + random.nextInt(7), kind, (number, started) -> {
            FuzzCaller caller = new FuzzCaller(number, seed, endpoints, registered, guard, closing::get);
            for (int i = 0; i < CALLS_EACH; i++) {
                caller.call();
                started.run();
            }
            answers.addAndGet(caller.answers());
            cached.addAndGet(caller.cached());
        });
        callers.awaitStarted();
        if (registered) {
            FuzzRegistry registry = new FuzzRegistry(kitchen.registry(), directory);
            operate(registry, () -> guard.meddle(endpoints.keySet(), random), random);
        } else {
            swap(kitchen, () -> guard.meddle(endpoints.keySet(), random), random.nextInt(6));
        }
        if (!closeEarly) {
            callers.join();
            // Whatever checks of batches ran meanwhile, none found a wrong answer.
            assertThat(kitchen.health().problems()).noneMatch(problem -> problem.contains("is no longer batched"));
            if (!staged) {
                // Where calls share runs, there are never as many runs as permits.
                guard.requirePermits(backend, endpoints.keySet());
            }
        }
        closing.set(true);
        kitchen.close();
        callers.join();
        assertThat(backend.violations()).isZero();
        assertThat(backend.openSessions()).isZero();
        assertThat(backend.running()).isZero();
        Waits.until(() -> before.containsAll(kitchenThreads()));
    }

    private static Set<Thread> kitchenThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(it -> it.getName().startsWith("kitchen-"))
                .collect(Collectors.toSet());
    }

    /** New versions of all models, one after the other, under the callers' feet. */
    private void swap(Kitchen kitchen, Runnable meddle, int times) throws IOException {
        for (int version = 2; version < 2 + times; version++) {
            for (String name : kitchen.endpointNames()) {
                Path next = FakeBackend.writeModel(
                        Files.createDirectories(directory.resolve("next")),
                        name,
                        FuzzCall.tag(name, Integer.toString(version)));
                Files.move(next, directory.resolve(next.getFileName()), StandardCopyOption.ATOMIC_MOVE);
            }
            kitchen.refresh();
            meddle.run();
        }
    }

    private Kitchen randomKitchen(FakeBackend backend, FuzzGuard guard, boolean staged, SplittableRandom random)
            throws IOException {
        int models = 1 + random.nextInt(3);
        for (int i = 0; i < 3; i++) {
            Path file = directory.resolve("m" + i + FakeBackend.SUFFIX);
            Files.deleteIfExists(file);
            if (i < models) {
                FakeBackend.writeModel(directory, "m" + i, FuzzCall.tag("m" + i, "1"));
            }
        }
        return builder(backend, guard, staged, random)
                .models(directory)
                .asyncThreads(1 + random.nextInt(4))
                .drainLimit(Duration.ofMillis(random.nextInt(3) * 5L))
                .open();
    }

    /** What stands before the models: each stage or not. */
    private static EndpointOptions.Builder randomStages(FuzzGuard guard, SplittableRandom random) {
        EndpointOptions.Builder stages = EndpointOptions.builder();
        if (random.nextInt(3) > 0) {
            CacheConfig caching = CacheConfig.in(guard.cache(random.nextBoolean() ? 60_000 : 64 << 20));
            stages.cache(
                    random.nextBoolean()
                            ? caching
                            : caching.toBuilder()
                                    .timeToLive(Duration.ofMillis(10))
                                    .build());
        }
        if (random.nextInt(3) > 0) {
            BatchingConfig batching = random.nextBoolean()
                    ? BatchingConfig.builder()
                            .aloneBelow(Duration.ofNanos(random.nextInt(2) * 20_000L))
                            .build()
                    : BatchingConfig.builder()
                            .delay(Duration.ofNanos(1 + random.nextInt(200_000)))
                            .aloneBelow(Duration.ZERO)
                            .build();
            stages.batching(batching.toBuilder()
                    .concurrentRuns(1 + random.nextInt(2))
                    .maxItems(1 + random.nextInt(8))
                    .checkedShare(random.nextInt(3) / 2.0)
                    .build());
        }
        return stages;
    }

    /** Two versions of each model, the second one known as {@link FuzzCaller#ALIAS}. */
    private Kitchen registeredKitchen(FakeBackend backend, FuzzGuard guard, boolean staged, SplittableRandom random)
            throws IOException {
        Path root = Files.createTempDirectory(directory, "registry");
        Kitchen kitchen = builder(backend, guard, staged, random)
                .models(root)
                .watch(Duration.ofMillis(random.nextInt(20)))
                .drainLimit(Duration.ofMillis(random.nextInt(3) * 5L))
                .open();
        new FuzzRegistry(kitchen.registry(), directory).fill(1 + random.nextInt(2));
        return kitchen;
    }

    private static Kitchen.Builder builder(
            FakeBackend backend, FuzzGuard guard, boolean staged, SplittableRandom random) {
        Kitchen.Builder builder =
                Kitchen.builder().backend(guard.hostile(backend)).listener(guard.listener());
        for (int i = 0; i < 3; i++) {
            builder.endpoint(
                    "m" + i, guard.options("m" + i, staged ? randomStages(guard, random) : EndpointOptions.builder()));
        }
        return builder;
    }

    /** Whatever a registry can do to models that answer meanwhile. */
    private static void operate(FuzzRegistry registry, Runnable meddle, SplittableRandom random) throws IOException {
        for (int i = 0; i < 6; i++) {
            meddle.run();
            registry.operate(random, Integer.toString(3 + i));
        }
    }

    /** Long enough, now and then, that calls overlap; or each time that virtual threads hand their runs over. */
    private static void lingerABit(boolean always) {
        if (always) {
            LockSupport.parkNanos(120_000);
        } else if (ThreadLocalRandom.current().nextInt(4) == 0) {
            LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(50_000));
        }
    }
}
