package dev.kitchen.cli;

import dev.kitchen.Endpoint;
import dev.kitchen.predict.PredictionRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** So many callers that ask one model the same, each as fast as it is answered. */
final class BenchRun {

    private final Endpoint endpoint;
    private final PredictionRequest request;

    BenchRun(Endpoint endpoint, PredictionRequest request) {
        this.endpoint = endpoint;
        this.request = request;
    }

    /**
     * What was measured.
     *
     * @param nanos how long the callers asked
     */
    record Result(int callers, Latencies latencies, long nanos) {

        double callsPerSecond() {
            return latencies.count() * 1e9 / nanos;
        }
    }

    /** Asks for a while. What fails ends it. */
    Result run(int callers, Duration time) throws InterruptedException {
        CyclicBarrier start = new CyclicBarrier(callers);
        List<Callable<Result>> tasks = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            tasks.add(() -> {
                start.await();
                return ask(time.toNanos());
            });
        }
        ExecutorService threads = Executors.newFixedThreadPool(callers);
        try {
            return sum(callers, threads.invokeAll(tasks));
        } finally {
            threads.shutdownNow();
        }
    }

    private Result ask(long nanos) {
        Latencies latencies = new Latencies();
        long start = System.nanoTime();
        long before = start;
        while (before - start < nanos) {
            endpoint.predict(request);
            long after = System.nanoTime();
            latencies.record(after - before);
            before = after;
        }
        return new Result(1, latencies, before - start);
    }

    private static Result sum(int callers, List<Future<Result>> results) throws InterruptedException {
        Latencies all = new Latencies();
        long longest = 1;
        for (Future<Result> future : results) {
            try {
                Result result = future.get();
                all.add(result.latencies());
                longest = Math.max(longest, result.nanos());
            } catch (ExecutionException e) {
                throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
            }
        }
        return new Result(callers, all, longest);
    }
}
