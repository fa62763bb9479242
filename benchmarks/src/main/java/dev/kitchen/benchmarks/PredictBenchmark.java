package dev.kitchen.benchmarks;

import ai.djl.inference.Predictor;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.kitchen.BoundCall;
import dev.kitchen.Endpoint;
import dev.kitchen.Kitchen;
import dev.kitchen.TypedEndpoint;
import dev.kitchen.codec.Features;
import dev.kitchen.codec.Scores;
import dev.kitchen.onnx.OnnxBackend;
import dev.kitchen.onnx.OnnxOptions;
import dev.kitchen.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does one prediction cost, from a row of floats in Java to probabilities in Java? Kitchen with its default
 * settings (signature check, lease, deadline bookkeeping) beside ONNX Runtime's own Java API, as its manual uses it and
 * at its best, with tensors made once. One intra-op thread everywhere.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 2,
        jvmArgsAppend = {"-XX:+IgnoreUnrecognizedVMOptions", "--enable-native-access=ALL-UNNAMED"})
public class PredictBenchmark {

    /** Which model. */
    @Param({"iris", "mlp"})
    public String model = "iris";

    private float[] row = {};

    /** ONNX Runtime's own API, in a state of its own: the roads do not meet in one JVM. */
    @State(Scope.Benchmark)
    public static class Official {

        private OrtEnvironment environment;
        private OrtSession session;
        private OnnxTensor reusedInput;
        private FloatBuffer reusedInputBuffer;
        private OnnxTensor pinnedOutput;
        private FloatBuffer pinnedOutputBuffer;
        private Map<String, OnnxTensor> reusedInputs;
        private Map<String, OnnxTensor> pinnedOutputs;
        private int outputs;

        @Setup
        public void open(PredictBenchmark benchmark) throws OrtException {
            environment = OrtEnvironment.getEnvironment();
            OrtSession.SessionOptions options = new OrtSession.SessionOptions();
            options.setIntraOpNumThreads(1);
            session = environment.createSession(Models.write(benchmark.model).toString(), options);
            int columns = Models.columns(benchmark.model);
            outputs = Models.outputs(benchmark.model);
            reusedInputBuffer = direct(columns);
            reusedInput = OnnxTensor.createTensor(environment, reusedInputBuffer, new long[] {1, columns});
            pinnedOutputBuffer = direct(outputs);
            pinnedOutput = OnnxTensor.createTensor(environment, pinnedOutputBuffer, new long[] {1, outputs});
            reusedInputs = Map.of("input", reusedInput);
            pinnedOutputs = Map.of("probabilities", pinnedOutput);
        }

        private static FloatBuffer direct(int floats) {
            return ByteBuffer.allocateDirect(4 * floats)
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer();
        }

        @TearDown
        public void close() throws OrtException {
            reusedInput.close();
            pinnedOutput.close();
            session.close();
        }
    }

    @Setup
    public void fillRow() {
        row = new float[Models.columns(model)];
        for (int i = 0; i < row.length; i++) {
            row[i] = (float) Math.sin(i + 1);
        }
    }

    /** Kitchen, in a state of its own. */
    @State(Scope.Benchmark)
    public static class Ours {

        private Kitchen kitchen;
        private Endpoint endpoint;
        private TypedEndpoint<float[], float[]> typed;
        private BoundCall bound;
        private FloatBuffer boundInput;
        private FloatBuffer boundOutput;
        private float[] answer;

        @Setup
        public void open(PredictBenchmark benchmark) {
            Path file = Models.write(benchmark.model);
            kitchen = Kitchen.builder()
                    .models(file)
                    .backend(new OnnxBackend(OnnxOptions.defaults().withIntraOpThreads(1)))
                    .open();
            endpoint = kitchen.endpoint(benchmark.model);
            typed = endpoint.typed(Features.ofRow().inDeclarationOrder(), Scores.of("probabilities"));
            bound = endpoint.bind();
            boundInput = bound.input("input").asFloatBuffer();
            boundOutput = bound.output("probabilities").asFloatBuffer();
            answer = new float[Models.outputs(benchmark.model)];
        }

        @TearDown
        public void close() {
            bound.close();
            kitchen.close();
        }
    }

    @Benchmark
    public float[] kitchen(Ours ours) {
        Tensor input = Tensor.of(row, 1, row.length);
        return ours.endpoint.predict("input", input).tensor("probabilities").toFloatArray();
    }

    @Benchmark
    public float[] kitchenTyped(Ours ours) {
        return ours.typed.predict(row);
    }

    @Benchmark
    public float[] kitchenBound(Ours ours) {
        ours.boundInput.put(0, row);
        ours.bound.run();
        ours.boundOutput.get(0, ours.answer);
        return ours.answer;
    }

    /** DJL, in a state of its own: it refuses to start where an environment of ONNX Runtime exists. */
    @State(Scope.Benchmark)
    public static class Djl {

        private DjlPeer peer;
        private Predictor<float[], float[]> predictor;

        @Setup
        public void open(PredictBenchmark benchmark) {
            peer = new DjlPeer(Models.write(benchmark.model));
            predictor = peer.predictor();
        }

        @TearDown
        public void close() {
            predictor.close();
            peer.close();
        }
    }

    @Benchmark
    public float[] djl(Djl djl) {
        return DjlPeer.predict(djl.predictor, row);
    }

    @Benchmark
    public float[] officialNaive(Official official) throws OrtException {
        try (OnnxTensor input = OnnxTensor.createTensor(official.environment, new float[][] {row});
                OrtSession.Result result = official.session.run(Map.of("input", input))) {
            return ((float[][]) result.get(0).getValue())[0];
        }
    }

    @Benchmark
    public float[] officialIdiomatic(Official official) throws OrtException {
        try (OnnxTensor input = OnnxTensor.createTensor(
                        official.environment, FloatBuffer.wrap(row), new long[] {1, row.length});
                OrtSession.Result result = official.session.run(Map.of("input", input))) {
            return ((float[][]) result.get(0).getValue())[0];
        }
    }

    @Benchmark
    public float[] officialReused(Official official) throws OrtException {
        official.reusedInputBuffer.put(0, row);
        try (OrtSession.Result result = official.session.run(official.reusedInputs, Set.of(), official.pinnedOutputs)) {
            float[] probabilities = new float[official.outputs];
            official.pinnedOutputBuffer.get(0, probabilities);
            return probabilities;
        }
    }
}
