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
 * How many predictions a second do several callers get out of one loaded model? Platform threads, as many as JMH's
 * option {@code -t} says. Bound calls are a pool of as many; what a peer's manual wants per thread, it has per thread.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 2,
        jvmArgsAppend = {"-XX:+IgnoreUnrecognizedVMOptions", "--enable-native-access=ALL-UNNAMED"})
public class CallersBenchmark {

    @Benchmark
    public float[] kitchen(Peers.Ours ours) {
        return ours.peer.predict(ours.item);
    }

    @Benchmark
    public float[] kitchenBound(Peers.Ours ours, Peers.Answer answer) {
        return ours.predictBound(answer.floats);
    }

    @Benchmark
    public float[] djl(Peers.DjlPredictor djl, Asked asked) {
        return djl.predictor.predict(asked.item);
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
