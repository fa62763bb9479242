package dev.kitchen.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does one prediction cost, from floats in Java to probabilities in Java? Kitchen with its default settings
 * (signature check, lease, deadline bookkeeping) beside ONNX Runtime's own Java API, as its manual uses it and at its
 * best, with tensors made once, and beside DJL. One intra-op thread everywhere.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 2,
        jvmArgsAppend = {"-XX:+IgnoreUnrecognizedVMOptions", "--enable-native-access=ALL-UNNAMED"})
public class PredictBenchmark {

    @Benchmark
    public float[] kitchen(Peers.Ours ours) {
        return ours.peer.predict(ours.item);
    }

    /** For models that take rows. */
    @Benchmark
    public float[] kitchenTyped(Peers.Typed typed, Asked asked) {
        return typed.endpoint.predict(asked.item);
    }

    @Benchmark
    public float[] kitchenBound(Peers.Bound bound, Asked asked) {
        return bound.call.predict(asked.item);
    }

    @Benchmark
    public float[] djl(Peers.DjlPredictor djl, Asked asked) {
        return djl.predictor.predict(asked.item);
    }

    @Benchmark
    public float[] officialNaive(Peers.Official official) {
        return official.peer.predictNested(official.nested);
    }

    @Benchmark
    public float[] officialIdiomatic(Peers.Official official, Asked asked) {
        return official.peer.predict(asked.item);
    }

    @Benchmark
    public float[] officialReused(Peers.Reused reused, Asked asked) {
        return reused.tensors.predict(asked.item);
    }
}
