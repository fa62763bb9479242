package dev.kitchen.benchmarks;

import dev.kitchen.batch.BatchingConfig;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.predict.Ticker;
import dev.kitchen.runtime.CallContext;
import dev.kitchen.runtime.KitchenThreads;
import dev.kitchen.session.Predictor;
import dev.kitchen.spi.VersionIdentity;
import dev.kitchen.stage.StageContext;
import dev.kitchen.stage.batching.BatchingStage;
import dev.kitchen.telemetry.CallStatistics;
import dev.kitchen.telemetry.SafeListener;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Tensor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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

/** The batching stage alone, over a model that does nothing, for calls that find nobody waiting. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class BatchingOverheadBenchmark {

    /** {@code quick} knows the model to be quick, {@code slow} takes it for a slow one. */
    @Param({"none", "quick", "slow"})
    public String batching;

    private Predictor predictor;
    private BatchingStage stage;
    private KitchenThreads threads;
    private PredictionRequest request;

    @Setup
    public void make() {
        Prediction answer = new Prediction("m", "1", NamedValues.of("y", Tensor.of(new float[1], 1, 1)), 0);
        Predictor nothing = (asked, context) -> answer;
        Duration aloneBelow = batching.equals("quick") ? Duration.ofDays(1) : Duration.ZERO;
        threads = new KitchenThreads(Ticker.system(), Duration.ofSeconds(1), 1);
        StageContext context = new StageContext(
                new VersionIdentity("m", "1", "x"),
                ModelSignature.of(List.of(), List.of()),
                Ticker.system(),
                threads,
                new SafeListener(List.of()),
                new CallStatistics(Ticker.system()),
                leased -> leased);
        stage = new BatchingStage(
                BatchingConfig.builder().aloneBelow(aloneBelow).build(), Optional.empty());
        Predictor batched = stage.wrap(nothing, context);
        predictor = batching.equals("none") ? nothing : batched;
        request = PredictionRequest.of(NamedValues.of("x", Tensor.of(new float[4], 1, 4)), CallOptions.defaults());
    }

    @TearDown
    public void close() {
        stage.close();
        threads.close(System.nanoTime());
    }

    @Benchmark
    public Prediction oneCaller() {
        return predictor.predict(request, new CallContext(System.nanoTime(), CallContext.NO_DEADLINE));
    }

    @Benchmark
    @Threads(2)
    public Prediction twoCallers() {
        return predictor.predict(request, new CallContext(System.nanoTime(), CallContext.NO_DEADLINE));
    }
}
