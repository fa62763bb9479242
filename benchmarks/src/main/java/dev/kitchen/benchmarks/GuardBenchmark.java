package dev.kitchen.benchmarks;

import dev.kitchen.Endpoint;
import dev.kitchen.EndpointOptions;
import dev.kitchen.Kitchen;
import dev.kitchen.batch.BatchingConfig;
import dev.kitchen.cache.CacheConfig;
import dev.kitchen.cache.InMemoryCache;
import dev.kitchen.error.InferenceException;
import dev.kitchen.guard.AdmissionConfig;
import dev.kitchen.guard.CircuitBreakerConfig;
import dev.kitchen.guard.Fallback;
import dev.kitchen.guard.RetryPolicy;
import dev.kitchen.predict.Prediction;
import dev.kitchen.tensor.Tensor;
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

/** What each stage costs a prediction, over a backend that does nothing: one at a time, and all of them. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class GuardBenchmark {

    /** Which guards stand before the model. */
    public enum Guards {
        /** Nothing. */
        NONE,
        /** The circuit breaker that is there by default. */
        BREAKER,
        /** One that looks at the last ten seconds, whose every call goes to resilience4j. */
        BREAKER_OF_TIME,
        /** The limits that are there by default. */
        ADMISSION,
        /** Limits that adapt themselves. */
        ADAPTIVE_ADMISSION,
        /** What stands there if nothing is said. */
        DEFAULT,
        /** The default ones, retries and a stand-in. */
        ALL,
        /** Those, batching, and a cache that looks for every answer and has none. */
        WHOLE_CHAIN
    }

    @Param
    Guards guards;

    private Kitchen kitchen;
    private Endpoint endpoint;
    private Tensor row;

    @Setup
    public void open() throws IOException {
        Path file = Files.createTempDirectory("kitchen-guard").resolve("nothing.idle");
        Files.writeString(file, "nothing");
        kitchen = Kitchen.builder()
                .models(file)
                .backend(new IdleBackend())
                .endpoint("nothing", options())
                .open();
        endpoint = kitchen.endpoint("nothing");
        row = Tensor.of(new float[] {1, 2, 3, 4}, 1, 4);
    }

    private EndpointOptions options() {
        EndpointOptions.Builder options = EndpointOptions.builder();
        switch (guards) {
            case NONE -> options.circuitBreaker(CircuitBreakerConfig.none()).admission(AdmissionConfig.unlimited());
            case BREAKER -> options.admission(AdmissionConfig.unlimited());
            case BREAKER_OF_TIME ->
                options.admission(AdmissionConfig.unlimited())
                        .circuitBreaker(CircuitBreakerConfig.builder()
                                .timeWindow(Duration.ofSeconds(10))
                                .build());
            case ADMISSION -> options.circuitBreaker(CircuitBreakerConfig.none());
            case ADAPTIVE_ADMISSION ->
                options.circuitBreaker(CircuitBreakerConfig.none())
                        .admission(AdmissionConfig.builder()
                                .targetLatency(Duration.ofMillis(1))
                                .build());
            case DEFAULT -> {}
            case ALL -> all(options);
            case WHOLE_CHAIN ->
                all(options).batching(BatchingConfig.defaults()).cache(CacheConfig.in(InMemoryCache.ofMaxBytes(1)));
        }
        return options.build();
    }

    private static EndpointOptions.Builder all(EndpointOptions.Builder options) {
        return options.retry(RetryPolicy.attempts(3)).fallback(Fallback.to(request -> {
            throw new InferenceException("nobody stands in here");
        }));
    }

    @TearDown
    public void close() {
        kitchen.close();
    }

    @Benchmark
    public Prediction oneThread() {
        return endpoint.predict("input", row);
    }

    @Benchmark
    @Threads(2)
    public Prediction twoThreads() {
        return endpoint.predict("input", row);
    }
}
