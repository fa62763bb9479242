package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.error.InferenceException;
import dev.kitchen.error.KitchenException;
import dev.kitchen.observe.VersionStatistics;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.CallOptions.CacheMode;
import dev.kitchen.predict.Prediction.Source;
import dev.kitchen.registry.ModelInfo;
import dev.kitchen.spi.ControlStore;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.testkit.Callers;
import dev.kitchen.testkit.FakeBackend;
import dev.kitchen.testkit.InMemoryControlStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything goes wrong at once, for a while, in two kitchens on one registry: whatever Kitchen calls throws anything, and
 * whoever waits is interrupted. Every call is answered with what is its own or ends typed, and afterwards nothing is
 * missing, nobody waits, and health is as it should be. Threads that cannot be made are not among the faults, as a kitchen
 * takes no thread factory.
 */
@Timeout(3_600)
class ChaosTest {

    private static final Logger LOGGER = LoggerFactory.getLogger(ChaosTest.class);
    private static final int CALLERS_OF_A_KIND = 4;
    private static final int OPERATORS = 2;
    private static final Set<Faults.Kind> OF_STORES =
            EnumSet.of(Faults.Kind.STORE_READ_FAILS, Faults.Kind.STORE_UPDATE_FAILS);

    @TempDir
    Path directory;

    private final long seed =
            Long.getLong("kitchen.fuzz.seed", ThreadLocalRandom.current().nextLong());
    private final SplittableRandom random = new SplittableRandom(seed);
    private final AtomicInteger versions = new AtomicInteger(2);
    private final List<FuzzCaller> callers = new CopyOnWriteArrayList<>();
    private final List<ChaosOperator> operators = new CopyOnWriteArrayList<>();
    private final Map<String, LongAdder> failures = new ConcurrentHashMap<>();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final AtomicBoolean over = new AtomicBoolean();
    private int interrupts;

    @Test
    void everyCallIsAnsweredOrEndsTypedAndNothingIsLost() throws Exception {
        chaos(Duration.ofSeconds(3), false);
    }

    @Test
    void aStoreThatThrowsAnythingLosesNothing() throws Exception {
        chaos(Duration.ofSeconds(3), true);
    }

    /** For {@code kitchen.fuzz.minutes}, half of them with a store of the application's. */
    @Test
    @Tag("proof")
    void everyCallIsAnsweredOrEndsTypedAndNothingIsLostForMinutes() throws Exception {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(Long.getLong("kitchen.fuzz.minutes", 10));
        for (int round = 0; System.nanoTime() < end; round++) {
            chaos(Duration.ofSeconds(20), round % 2 == 1);
        }
    }

    /** A kitchen, and what of it the test looks at. */
    private static final class Node {

        final FakeBackend fake = new FakeBackend().inRows();
        final ChaosBackend backend;
        final Kitchen kitchen;
        final Map<Endpoint, BoundCalls> endpoints = new HashMap<>();

        Node(Faults faults, Path models, Optional<ControlStore> store) {
            backend = new ChaosBackend(fake, faults);
            kitchen = new ChaosKitchen(faults).open(models, store, backend);
        }

        void findEndpoints() {
            for (String name : ChaosKitchen.PERMITS.keySet()) {
                Endpoint endpoint = kitchen.endpoint(name);
                endpoints.put(
                        endpoint,
                        endpoint.bindings(2, Map.of("x", Models.x(1, 2).shape())));
            }
        }
    }

    private void chaos(Duration time, boolean ownStore) throws Exception {
        EnumSet<Faults.Kind> kinds = EnumSet.allOf(Faults.Kind.class);
        if (!ownStore) {
            kinds.removeAll(OF_STORES);
        }
        Faults faults = new Faults(kinds);
        Set<Thread> before = kitchenThreads();
        Path models = Files.createTempDirectory(directory, "models");
        InMemoryControlStore shared = new InMemoryControlStore();
        List<Node> nodes = Stream.generate(() -> new Node(
                        faults, models, ownStore ? Optional.of(new FaultyStore(shared, faults)) : Optional.empty()))
                .limit(2)
                .toList();
        try {
            endure(time, faults, models, ownStore, nodes);
        } finally {
            faults.end();
            nodes.forEach(it -> it.kitchen.close());
        }
        report(time, faults);
        Waits.until(() -> kitchenThreads().equals(before));
        for (Node node : nodes) {
            Waits.until(() -> node.fake.openSessions() == 0 && node.backend.openBoundRuns() == 0);
            assertThat(node.fake.running()).isZero();
            assertThat(node.fake.violations()).isZero();
        }
    }

    /** A storm, a look at what it has left, and another storm to close in. */
    private void endure(Duration time, Faults faults, Path models, boolean ownStore, List<Node> nodes)
            throws Exception {
        closing.set(false);
        callers.clear();
        operators.clear();
        FuzzRegistry registry = new FuzzRegistry(nodes.get(0).kitchen.registry(), directory);
        registry.fill(ChaosKitchen.PERMITS.size());
        registry.deploy(ChaosBackend.BOUND, "1");
        nodes.get(1).kitchen.refresh();
        nodes.forEach(Node::findEndpoints);
        faults.begin();
        List<Callers> storm = storm(nodes);
        meddleFor(time, faults, nodes);
        over.set(true);
        join(storm);
        faults.end();
        requireCalm(models, ownStore, nodes);
        for (Node node : nodes) {
            requirePermits(node);
        }
        faults.begin();
        closeUnderFire(nodes);
    }

    private void report(Duration time, Faults faults) {
        LOGGER.warn(
                "chaos of {}, seed {}: {} calls, {} answers checked, {} of them cached; ended typed {}; faults {};"
                        + " {} operations, of which failed {}; {} interrupts",
                time,
                seed,
                count(FuzzCaller::calls),
                count(FuzzCaller::answers),
                count(FuzzCaller::cached),
                failures,
                faults,
                operators.stream().mapToInt(ChaosOperator::operations).sum(),
                operators.stream()
                        .flatMap(it -> it.failures().entrySet().stream())
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, Integer::sum, TreeMap::new)),
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

    /** Callers and operators that do whatever there is to do until it is over. */
    private List<Callers> storm(List<Node> nodes) throws InterruptedException {
        over.set(false);
        ThreadFactory virtual = Threads.hasVirtualOnes() ? Threads.virtualOnes() : Thread::new;
        List<Kitchen> kitchens = nodes.stream().map(it -> it.kitchen).toList();
        Callers operating = Callers.start(OPERATORS, (number, started) -> {
            ChaosOperator operator = new ChaosOperator(seed + number, kitchens, directory, versions, closing::get);
            operators.add(operator);
            while (!over.get()) {
                operator.operate();
                started.run();
            }
        });
        List<Callers> storm = List.of(
                operating,
                callers(nodes.get(0), Thread::new),
                callers(nodes.get(1), virtual),
                boundCallers(nodes.get(0)));
        for (Callers some : storm) {
            some.awaitStarted();
        }
        return storm;
    }

    private Callers callers(Node node, ThreadFactory kind) {
        int first = callers.size();
        return Callers.start(CALLERS_OF_A_KIND, kind, (number, started) -> {
            FuzzCaller caller = new FuzzCaller(first + number, seed, node.endpoints, true, new Chaos(), closing::get);
            callers.add(caller);
            while (!over.get()) {
                caller.call();
                started.run();
            }
        });
    }

    /** Bound calls of a model whose memory can be bound; a bound run that fails leaves the call usable. */
    private Callers boundCallers(Node node) {
        Endpoint endpoint = node.kitchen.endpoint(ChaosBackend.BOUND);
        return Callers.start(2, (number, started) -> {
            for (int i = 0; !over.get(); i++) {
                try (BoundCall call = endpoint.bind(Map.of("x", Models.x(1, 2).shape()))) {
                    for (int j = 0; j < 5; j++) {
                        runBound(call, i * 5 + j);
                    }
                } catch (KitchenException e) {
                    new Chaos().requireExpected(e, false);
                }
                started.run();
            }
        });
    }

    private void runBound(BoundCall call, float value) {
        call.input("x").putFloat(0, value);
        try {
            call.run(CallOptions.timeLimit(Duration.ofMillis(50)));
        } catch (KitchenException e) {
            new Chaos().requireExpected(e, false);
            return;
        }
        assertThat(call.output("echo").getFloat(0)).isEqualTo(value);
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

    private void meddleFor(Duration time, Faults faults, List<Node> nodes) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end || !faults.haveAllStruck()) {
            meddle(nodes.get(random.nextInt(nodes.size())));
            LockSupport.parkNanos(1_000_000);
        }
    }

    private void meddle(Node node) {
        switch (random.nextInt(60)) {
            case 0, 1, 2, 3 -> node.endpoints.keySet().forEach(Endpoint::statistics);
            case 4, 5, 6 -> requireExplained(node.kitchen.health());
            case 7, 8, 9, 10, 11, 12 -> forceABreaker(node);
            case 13, 14 -> operators.get(random.nextInt(operators.size())).interrupt();
            default -> callers.get(random.nextInt(callers.size())).interrupt();
        }
        interrupts++;
    }

    /** Whatever is wrong has to do with a fault, or with what the other kitchen, or an interrupted roll back, did. */
    private static void requireExplained(Health health) {
        assertThat(health.status()).as("%s", health).isNotEqualTo(Health.Status.DOWN);
        assertThat(health.problems())
                .allMatch(problem -> Stream.of(
                                Faults.MESSAGE,
                                "in this process only",
                                "after it was taken out of service",
                                "are gone; it answers from memory",
                                "is missing, expected a file or directory")
                        .anyMatch(problem::contains));
    }

    private void forceABreaker(Node node) {
        for (Endpoint endpoint : node.endpoints.keySet()) {
            FuzzGuard.force(endpoint.circuitBreaker().orElseThrow(), random.nextInt(6));
            FuzzGuard.force(endpoint.circuitBreaker(FuzzCaller.ALIAS).orElseThrow(), random.nextInt(6));
        }
    }

    /**
     * Once the faults have ended everybody goes by the document, says so, and nothing is under way. Files that were deleted
     * or taken back while the application's own store failed may stay; the registry says so.
     */
    private void requireCalm(Path models, boolean ownStore, List<Node> nodes) throws IOException {
        for (Node node : nodes) {
            node.kitchen.refresh();
            try {
                Waits.until(() -> node.kitchen.health().status() == Health.Status.UP && nothingIsUnderWay(node));
            } catch (AssertionError e) {
                throw new AssertionError("health is " + node.kitchen.health() + ", statistics " + statistics(node), e);
            }
        }
        for (String model : ChaosKitchen.PERMITS.keySet()) {
            ModelInfo info = nodes.get(0).kitchen.registry().describe(model);
            for (Node node : nodes) {
                assertThat(node.kitchen.endpoint(model).version())
                        .isEqualTo(info.currentVersion().orElseThrow());
                assertThat(node.kitchen.registry().verify(model))
                        .filteredOn(it -> !ownStore || !it.contains("is in no document"))
                        .isEmpty();
            }
        }
        try (Stream<Path> staged = Files.list(models.resolve(".staging"))) {
            assertThat(staged.filter(it -> !ownStore || !it.toString().endsWith(".publishing")))
                    .isEmpty();
        }
    }

    private static boolean nothingIsUnderWay(Node node) {
        return statistics(node).stream().allMatch(it -> it.running() == 0 && it.waiting() == 0);
    }

    private static List<VersionStatistics> statistics(Node node) {
        return node.endpoints.keySet().stream()
                .flatMap(it -> it.statistics().stream())
                .toList();
    }

    /** As many runs as may be come together, for each version that anybody may ask for, and not one more. */
    private void requirePermits(Node node) throws InterruptedException {
        node.backend.measure(true);
        for (Endpoint endpoint : node.endpoints.keySet()) {
            for (String version : new HashSet<>(List.of(endpoint.version(), "2"))) {
                endpoint.circuitBreaker(version).orElseThrow().reset();
                assertThat(mostAtOnce(node, endpoint, version))
                        .as("runs at once of %s, version %s", endpoint.name(), version)
                        .isEqualTo(ChaosKitchen.PERMITS.get(endpoint.name()));
            }
        }
        node.backend.measure(false);
    }

    private static int mostAtOnce(Node node, Endpoint endpoint, String version) throws InterruptedException {
        int permits = ChaosKitchen.PERMITS.getOrDefault(endpoint.name(), 0);
        String tag = FuzzCall.tag(endpoint.name(), version);
        node.backend.mostAtOnce(tag);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        int most = 0;
        for (int i = 0; i < 5 || most < permits && System.nanoTime() < end; i++) {
            burst(endpoint, version, permits + 2);
            most = Math.max(most, node.backend.mostAtOnce(tag));
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

    private void closeUnderFire(List<Node> nodes) throws Exception {
        List<Callers> storm = storm(nodes);
        closing.set(true);
        CompletableFuture<?>[] closes = nodes.stream()
                .map(it -> CompletableFuture.runAsync(it.kitchen::close))
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(closes).get(30, TimeUnit.SECONDS);
        over.set(true);
        join(storm);
    }
}
