package dev.kitchen.benchmarks;

import dev.kitchen.BoundCall;
import dev.kitchen.Endpoint;
import dev.kitchen.Kitchen;
import dev.kitchen.TypedEndpoint;
import dev.kitchen.codec.Features;
import dev.kitchen.codec.Scores;
import dev.kitchen.predict.Prediction;
import dev.kitchen.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

/**
 * How much of a prediction is Kitchen's own? The default settings over a backend that does nothing: input check,
 * lease, deadline bookkeeping, the answer's objects; typed calls also make the input's tensor and read the answer.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class OverheadBenchmark {

    private Kitchen kitchen;
    private Endpoint endpoint;
    private final float[] floats = {1, 2, 3, 4};
    private TypedEndpoint<float[], float[]> typed;
    private Tensor row;

    @Setup
    public void open() throws IOException {
        Path file = Files.createTempDirectory("kitchen-overhead").resolve("nothing.idle");
        Files.writeString(file, "nothing");
        kitchen = Kitchen.builder().models(file).backend(new IdleBackend()).open();
        endpoint = kitchen.endpoint("nothing");
        typed = endpoint.typed(Features.ofRow().inDeclarationOrder(), Scores.of("probabilities"));
        row = Tensor.of(floats, 1, 4);
    }

    @TearDown
    public void close() {
        kitchen.close();
    }

    /** A bound call per thread. */
    @State(Scope.Thread)
    public static class Bound {

        private BoundCall call;

        @Setup
        public void bind(OverheadBenchmark benchmark) {
            call = benchmark.endpoint.bind();
        }
    }

    @Benchmark
    public Prediction kitchen() {
        return endpoint.predict("input", row);
    }

    @Benchmark
    public float[] kitchenTyped() {
        return typed.predict(floats);
    }

    @Benchmark
    @Threads(2)
    public Prediction kitchenTwoThreads() {
        return endpoint.predict("input", row);
    }

    @Benchmark
    public void kitchenBound(Bound bound) {
        bound.call.run();
    }
}
