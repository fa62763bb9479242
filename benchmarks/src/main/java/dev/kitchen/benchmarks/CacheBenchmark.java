package dev.kitchen.benchmarks;

import dev.kitchen.Endpoint;
import dev.kitchen.EndpointOptions;
import dev.kitchen.Kitchen;
import dev.kitchen.cache.CacheConfig;
import dev.kitchen.cache.InMemoryCache;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.CallOptions.CacheMode;
import dev.kitchen.predict.Prediction;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.testkit.FakeBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

/** What does an answer of the cache cost, and what does the cache cost a request that it cannot answer? */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class CacheBenchmark {

    private static final CallOptions REFRESH = CallOptions.cacheMode(CacheMode.REFRESH);
    private static final CallOptions BYPASS = CallOptions.cacheMode(CacheMode.BYPASS);

    /** How many numbers an input has. */
    @Param({"4", "784"})
    public int floats;

    private Kitchen kitchen;
    private Endpoint endpoint;
    private Tensor row;

    @Setup
    public void open() throws IOException {
        Path file = FakeBackend.writeModel(Files.createTempDirectory("kitchen-cache"), "nothing", "tag");
        CacheConfig caching = CacheConfig.builder(InMemoryCache.ofMaxBytes(64 << 20))
                .timeToLive(Duration.ofHours(1))
                .build();
        kitchen = Kitchen.builder()
                .models(file)
                .backend(new FakeBackend())
                .endpoint(
                        EndpointOptions.ALL,
                        EndpointOptions.builder().cache(caching).build())
                .open();
        endpoint = kitchen.endpoint("nothing");
        row = Tensor.of(new float[floats], 1, floats);
    }

    @TearDown
    public void close() {
        kitchen.close();
    }

    @Benchmark
    public Prediction hit() {
        return endpoint.predict("x", row);
    }

    @Benchmark
    @Threads(2)
    public Prediction hitTwoThreads() {
        return endpoint.predict("x", row);
    }

    @Benchmark
    public Prediction refresh() {
        return endpoint.predict("x", row, REFRESH);
    }

    @Benchmark
    public Prediction bypass() {
        return endpoint.predict("x", row, BYPASS);
    }
}
