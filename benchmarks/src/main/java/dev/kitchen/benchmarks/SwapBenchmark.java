package dev.kitchen.benchmarks;

import dev.kitchen.Endpoint;
import dev.kitchen.Kitchen;
import dev.kitchen.error.KitchenException;
import dev.kitchen.onnx.OnnxBackend;
import dev.kitchen.onnx.OnnxOptions;
import dev.kitchen.registry.DeployRequest;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.testkit.InMemoryControlStore;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/**
 * What do callers notice of swaps, at a constant rate of half of what the machine can do? One caller sends requests by a
 * timetable, and each is timed from when it was due, so that waiting counts. Meanwhile, every 5 ms, another thread does
 * nothing; flips between two resident versions; flips durably; or only writes what a durable flip writes. Not a JMH class:
 * a timetable is no loop. Arguments: seconds per case, and the file to write.
 */
public final class SwapBenchmark {

    private static final int ROUNDS = 3;

    private final int seconds;
    private final PrintStream out;
    private final Tensor input = Tensor.of(new float[784], 1, 784);
    private long failures;

    private SwapBenchmark(int seconds, PrintStream out) {
        this.seconds = seconds;
        this.out = out;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int seconds = Integer.parseInt(arguments[0]);
        try (PrintStream out = new PrintStream(arguments[1], StandardCharsets.UTF_8);
                Kitchen durable = kitchen(Kitchen.builder());
                Kitchen inMemory = kitchen(Kitchen.builder().controlStore(new InMemoryControlStore()))) {
            new SwapBenchmark(seconds, out).measure(durable, inMemory);
        }
    }

    private static Kitchen kitchen(Kitchen.Builder builder) throws IOException {
        Kitchen kitchen = builder.models(Files.createTempDirectory("kitchen-swaps"))
                .backend(new OnnxBackend(OnnxOptions.builder().intraOpThreads(1).build()))
                .watch(Duration.ZERO)
                .open();
        Path model = Models.write("mlp");
        kitchen.registry().deploy(DeployRequest.of("mlp", model).version("1").build());
        kitchen.registry()
                .deploy(DeployRequest.of("mlp", model)
                        .version("2")
                        .tag("copy", "2")
                        .build());
        return kitchen;
    }

    private void measure(Kitchen durable, Kitchen inMemory) throws IOException, InterruptedException {
        long perCall = nanosPerCall(durable.endpoint("mlp"));
        nanosPerCall(inMemory.endpoint("mlp"));
        long interval = 2 * perCall;
        out.printf(
                Locale.ROOT,
                "{\"question\":\"swaps\",\"callNanos\":%d,\"requestsPerSecond\":%d,\"seconds\":%d}%n",
                perCall,
                1_000_000_000L / interval,
                seconds);
        Path directory = Files.createTempDirectory("kitchen-writes");
        for (int round = 0; round < ROUNDS; round++) {
            measure("nothing", durable, interval, Disturbance.nothing());
            measure("flips", inMemory, interval, Disturbance.flip(inMemory.registry()));
            measure("durable flips", durable, interval, Disturbance.flip(durable.registry()));
            measure("writes only", durable, interval, Disturbance.writing(directory));
        }
    }

    private long nanosPerCall(Endpoint endpoint) {
        long nanos = 0;
        for (int round = 0; round < 5; round++) {
            long start = System.nanoTime();
            for (int i = 0; i < 50_000; i++) {
                endpoint.predict("input", input);
            }
            nanos = (System.nanoTime() - start) / 50_000;
        }
        return nanos;
    }

    private void measure(String name, Kitchen kitchen, long interval, Disturbance.Deed deed)
            throws InterruptedException {
        Endpoint endpoint = kitchen.endpoint("mlp");
        Disturbance warmUp = Disturbance.start(deed);
        requests(endpoint, interval, 2);
        warmUp.stop();
        Disturbance disturbance = Disturbance.start(deed);
        long[] latencies = requests(endpoint, interval, seconds);
        print(name, latencies, disturbance.stop());
    }

    /** One request each interval; each is timed from when it was due. */
    private long[] requests(Endpoint endpoint, long interval, int duration) {
        int count = Math.toIntExact(duration * 1_000_000_000L / interval);
        long[] latencies = new long[count];
        failures = 0;
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long due = start + i * interval;
            while (System.nanoTime() < due) {
                Thread.onSpinWait();
            }
            try {
                failures += endpoint.predict("input", input).version().isEmpty() ? 1 : 0;
            } catch (KitchenException e) {
                failures++;
            }
            latencies[i] = System.nanoTime() - due;
        }
        return latencies;
    }

    private void print(String name, long[] latencies, long[] deeds) {
        Arrays.sort(latencies);
        Arrays.sort(deeds);
        out.printf(
                Locale.ROOT,
                "{\"meanwhile\":\"%s\",\"requests\":%d,\"failed\":%d,\"p50Nanos\":%d,\"p99Nanos\":%d,\"p999Nanos\":%d,"
                        + "\"deeds\":%d,\"deedP50Nanos\":%d,\"deedP99Nanos\":%d}%n",
                name,
                latencies.length,
                failures,
                at(latencies, 0.5),
                at(latencies, 0.99),
                at(latencies, 0.999),
                deeds.length,
                at(deeds, 0.5),
                at(deeds, 0.99));
        out.flush();
    }

    private static long at(long[] sorted, double quantile) {
        return sorted.length == 0 ? 0 : sorted[(int) (quantile * (sorted.length - 1))];
    }
}
