package dev.kitchen.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does a prediction cost on virtual threads, all CPUs busy? An invocation makes 32,000 predictions, on 32 virtual
 * threads or on a new one each, and waits for them; the time is an invocation's by 32,000, the threads' making and
 * scheduling included. JMH's own virtual threads do not serve here: they yield after every call.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(VirtualThreads.PREDICTIONS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 2,
        jvmArgsAppend = {"-XX:+IgnoreUnrecognizedVMOptions", "--enable-native-access=ALL-UNNAMED"})
public class VirtualThreadsBenchmark {

    @Benchmark
    public float kitchen(VirtualThreads threads, Peers.Ours ours) throws InterruptedException {
        return threads.run(() -> ours.peer.predict(ours.item));
    }

    @Benchmark
    public float kitchenTyped(VirtualThreads threads, Peers.Typed typed, Asked asked) throws InterruptedException {
        return threads.run(() -> typed.endpoint.predict(asked.item));
    }

    @Benchmark
    public float officialIdiomatic(VirtualThreads threads, Peers.Official official, Asked asked)
            throws InterruptedException {
        return threads.run(() -> official.peer.predict(asked.item));
    }
}
