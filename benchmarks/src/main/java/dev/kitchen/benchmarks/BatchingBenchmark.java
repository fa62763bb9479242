package dev.kitchen.benchmarks;

import dev.kitchen.EndpointOptions;
import dev.kitchen.batch.Batching;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

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

    /** Kitchen, shared by all callers. */
    @State(Scope.Benchmark)
    public static class Batched {

        @Param({"none", "natural", "always", "oneRun", "delayed"})
        String batching;

        private KitchenPeer peer;
        private float[] item;

        @Setup
        public void open(Asked asked) {
            item = asked.item;
            EndpointOptions.Builder options = EndpointOptions.builder();
            switch (batching) {
                case "none" -> {}
                case "natural" -> options.batching(Batching.natural());
                case "always" -> options.batching(Batching.natural().aloneBelow(Duration.ZERO));
                case "oneRun" ->
                    options.batching(
                            Batching.natural().aloneBelow(Duration.ZERO).concurrentRuns(1));
                default -> options.batching(Batching.delayed(Duration.ofMillis(1)));
            }
            peer = new KitchenPeer(asked.what, options.build());
        }

        @TearDown
        public void close() {
            peer.close();
        }
    }

    @Benchmark
    public float[] kitchen(Batched batched) {
        return batched.peer.predict(batched.item);
    }

    @Benchmark
    public float[] officialIdiomatic(Peers.Official official, Asked asked) {
        return official.peer.predict(asked.item);
    }
}
