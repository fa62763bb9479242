package dev.kitchen.benchmarks;

import dev.kitchen.EndpointOptions;
import dev.kitchen.batch.BatchingConfig;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.BenchmarkParams;

/** What batching brings 32 callers, beside Kitchen without it and beside ONNX Runtime's Java API used by its manual. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Threads(32)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 2,
        jvmArgsAppend = {"-XX:+IgnoreUnrecognizedVMOptions", "--enable-native-access=ALL-UNNAMED"})
public class BatchingBenchmark {

    /** Kitchen, shared by all callers; batched where the benchmark's name says so. */
    @State(Scope.Benchmark)
    public static class Ours {

        private KitchenPeer peer;
        private float[] item;

        @Setup
        public void open(Asked asked, BenchmarkParams benchmark) {
            item = asked.item;
            String name = benchmark.getBenchmark();
            EndpointOptions.Builder options = EndpointOptions.builder();
            batching(name.substring(name.lastIndexOf('.') + 1)).ifPresent(options::batching);
            peer = new KitchenPeer(asked.what, options.build());
        }

        private static Optional<BatchingConfig> batching(String name) {
            return switch (name) {
                case "kitchen" -> Optional.empty();
                case "kitchenNatural" -> Optional.of(BatchingConfig.defaults());
                case "kitchenNaturalOneRun" ->
                    Optional.of(BatchingConfig.builder()
                            .aloneBelow(Duration.ZERO)
                            .concurrentRuns(1)
                            .build());
                case "kitchenDelayed" ->
                    Optional.of(BatchingConfig.builder()
                            .delay(Duration.ofMillis(1))
                            .aloneBelow(Duration.ZERO)
                            .build());
                default -> throw new IllegalArgumentException(name);
            };
        }

        private float[] predict() {
            return peer.predict(item);
        }

        @TearDown
        public void close() {
            peer.close();
        }
    }

    @Benchmark
    public float[] kitchen(Ours ours) {
        return ours.predict();
    }

    /** By default settings: calls of a model that answers in microseconds are left alone. */
    @Benchmark
    public float[] kitchenNatural(Ours ours) {
        return ours.predict();
    }

    /** Batches whatever the model, one at a time. */
    @Benchmark
    public float[] kitchenNaturalOneRun(Ours ours) {
        return ours.predict();
    }

    @Benchmark
    public float[] kitchenDelayed(Ours ours) {
        return ours.predict();
    }

    @Benchmark
    public float[] officialIdiomatic(Peers.Official official, Asked asked) {
        return official.peer.predict(asked.item);
    }
}
