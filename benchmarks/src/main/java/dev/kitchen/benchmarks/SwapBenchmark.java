package dev.kitchen.benchmarks;

import dev.kitchen.Endpoint;
import dev.kitchen.Kitchen;
import dev.kitchen.onnx.OnnxBackend;
import dev.kitchen.onnx.OnnxOptions;
import dev.kitchen.predict.Prediction;
import dev.kitchen.registry.DeployRequest;
import dev.kitchen.tensor.Tensor;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What do callers notice of swaps, at a constant rate of half of what the machine can do? One caller sends requests by a
 * timetable, and each is timed from when it was due, so that waiting counts. Without flips, then with a durable flip
 * between two resident versions every 5 ms. Not a JMH class: a timetable is no loop. Arguments: seconds, and the file to
 * write.
 */
public final class SwapBenchmark {

    private static final int FLIP_MILLIS = 5;

    private final Kitchen kitchen;
    private final Endpoint endpoint;
    private final Tensor input = Tensor.of(new float[784], 1, 784);
    private long failures;

    private SwapBenchmark(Kitchen kitchen) {
        this.kitchen = kitchen;
        this.endpoint = kitchen.endpoint("mlp");
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int seconds = Integer.parseInt(arguments[0]);
        Path root = Files.createTempDirectory("kitchen-swaps");
        try (Kitchen kitchen = Kitchen.builder()
                        .models(root)
                        .backend(new OnnxBackend(OnnxOptions.defaults().withIntraOpThreads(1)))
                        .watch(Duration.ZERO)
                        .open();
                PrintStream out = new PrintStream(arguments[1], StandardCharsets.UTF_8)) {
            Path model = Models.write("mlp");
            kitchen.registry()
                    .deploy(DeployRequest.of("mlp", model).version("1").build());
            kitchen.registry()
                    .deploy(DeployRequest.of("mlp", model)
                            .version("2")
                            .tag("copy", "2")
                            .build());
            new SwapBenchmark(kitchen).measure(seconds, out);
        }
    }

    private void measure(int seconds, PrintStream out) throws InterruptedException {
        long perCall = nanosPerCall();
        long interval = 2 * perCall;
        out.printf(
                Locale.ROOT,
                "{\"question\":\"swaps\",\"callNanos\":%d,\"requestsPerSecond\":%d,\"seconds\":%d}%n",
                perCall,
                1_000_000_000L / interval,
                seconds);
        requests(interval, Math.min(seconds, 5));
        print(out, "without flips", requests(interval, seconds), 0, new long[0]);
        flips(interval, seconds, out);
        print(out, "without flips, again", requests(interval, seconds), 0, new long[0]);
    }

    private long nanosPerCall() {
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

    private void flips(long interval, int seconds, PrintStream out) throws InterruptedException {
        AtomicBoolean done = new AtomicBoolean();
        AtomicLong flips = new AtomicLong();
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        long[] flipNanos = new long[1 << 20];
        Thread flipper = new Thread(() -> {
            while (!done.get()) {
                int number = (int) flips.getAndIncrement();
                long start = System.nanoTime();
                kitchen.registry().activate("mlp", number % 2 == 0 ? "2" : "1");
                flipNanos[number] = System.nanoTime() - start;
                LockSupport.parkNanos(FLIP_MILLIS * 1_000_000L - (System.nanoTime() - start));
            }
        });
        flipper.setUncaughtExceptionHandler((thread, thrown) -> failure.set(thrown));
        flipper.start();
        long[] latencies = requests(interval, seconds);
        done.set(true);
        flipper.join();
        if (failure.get() != null) {
            throw new IllegalStateException("a flip failed", failure.get());
        }
        print(out, "with flips", latencies, flips.get(), Arrays.copyOf(flipNanos, (int) flips.get()));
    }

    /** One request each interval; each is timed from when it was due. */
    private long[] requests(long interval, int seconds) {
        int count = Math.toIntExact(seconds * 1_000_000_000L / interval);
        long[] latencies = new long[count];
        failures = 0;
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long due = start + i * interval;
            while (System.nanoTime() < due) {
                Thread.onSpinWait();
            }
            try {
                Prediction prediction = endpoint.predict("input", input);
                failures += prediction.version().isEmpty() ? 1 : 0;
            } catch (dev.kitchen.error.KitchenException e) {
                failures++;
            }
            latencies[i] = System.nanoTime() - due;
        }
        return latencies;
    }

    private void print(PrintStream out, String name, long[] latencies, long flips, long[] flipNanos) {
        Arrays.sort(latencies);
        Arrays.sort(flipNanos);
        out.printf(
                Locale.ROOT,
                "{\"case\":\"%s\",\"requests\":%d,\"failed\":%d,\"p50Nanos\":%d,\"p99Nanos\":%d,\"p999Nanos\":%d,"
                        + "\"flips\":%d,\"flipP50Nanos\":%d,\"flipP99Nanos\":%d}%n",
                name,
                latencies.length,
                failures,
                at(latencies, 0.5),
                at(latencies, 0.99),
                at(latencies, 0.999),
                flips,
                at(flipNanos, 0.5),
                at(flipNanos, 0.99));
        out.flush();
    }

    private static long at(long[] sorted, double quantile) {
        return sorted.length == 0 ? 0 : sorted[(int) (quantile * (sorted.length - 1))];
    }
}
