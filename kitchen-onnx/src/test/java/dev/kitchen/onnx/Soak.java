package dev.kitchen.onnx;

import dev.kitchen.EndpointOptions;
import dev.kitchen.Kitchen;
import dev.kitchen.guard.CircuitBreakerConfig;
import dev.kitchen.testkit.Callers;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Eight callers ask in every way there is while versions are swapped under them, and every answer is held against the
 * version it names. Prints what was done, and the resident memory in KiB after the warm-up and at the end, both under
 * load. Run in a JVM of its own with a fixed heap. Arguments: a directory, the seconds of warm-up, the seconds in all.
 */
final class Soak {

    private static final int CALLERS = 8;

    private Soak() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        SoakModels models = SoakModels.in(directory);
        SoakCounts counts = new SoakCounts();
        AtomicBoolean over = new AtomicBoolean();
        Semaphore swaps = new Semaphore(0);
        long start = System.nanoTime();
        try (Kitchen kitchen = Kitchen.builder()
                .models(models.served())
                // Whose time always runs out: its breaker would soon keep the calls away.
                .endpoint(
                        "slow",
                        EndpointOptions.builder()
                                .circuitBreaker(CircuitBreakerConfig.none())
                                .build())
                .open()) {
            Callers callers = Callers.start(CALLERS, (caller, started) -> {
                try (SoakCaller one = new SoakCaller(kitchen, models, counts, swaps, caller)) {
                    started.run();
                    while (!over.get()) {
                        one.ask();
                    }
                } finally {
                    over.set(true); // a caller that ends before the others has failed
                }
            });
            callers.awaitStarted();
            swap(kitchen, models, counts, swaps, over, start + seconds(arguments[1]));
            long before = ResidentMemory.kib();
            swap(kitchen, models, counts, swaps, over, start + seconds(arguments[2]));
            long after = ResidentMemory.kib();
            over.set(true);
            callers.join();
            System.out.printf("resident before=%d after=%d%n%s%n", before, after, counts);
        }
    }

    private static long seconds(String number) {
        return TimeUnit.SECONDS.toNanos(Long.parseLong(number));
    }

    /**
     * Swaps whenever the callers have done enough, so that a slow machine swaps less often; until the time is over and
     * everything has happened once.
     */
    private static void swap(
            Kitchen kitchen, SoakModels models, SoakCounts counts, Semaphore swaps, AtomicBoolean over, long end)
            throws Exception {
        while ((System.nanoTime() < end || !counts.isEverythingDone()) && !over.get()) {
            if (swaps.tryAcquire(100, TimeUnit.MILLISECONDS)) {
                models.replaceServed();
                kitchen.refresh();
                models.requireNewest(kitchen.endpoint(SoakModels.NAME).version());
                counts.swaps.increment();
            }
        }
    }
}
