package dev.kitchen.benchmarks;

import dev.kitchen.BoundCall;
import dev.kitchen.Endpoint;
import dev.kitchen.Kitchen;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.TensorSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.tensorflowlite.BuiltinOpResolver;
import org.bytedeco.tensorflowlite.FlatBufferModel;
import org.bytedeco.tensorflowlite.Interpreter;
import org.bytedeco.tensorflowlite.InterpreterBuilder;
import org.bytedeco.tensorflowlite.TfLiteTensor;
import org.bytedeco.tensorflowlite.global.tensorflowlite;
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
 * What does Kitchen add to TensorFlow Lite? Beside JavaCPP's C++ interface, used as it is: input in, invoke, output out,
 * one thread, XNNPACK on. The models are those of the shared test data ({@code kitchen.shared.data}).
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 3, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class TfliteBenchmark {

    @Param({
        "sine-float/hello_world_float.tflite",
        "food-mobilenet-v1-025-quant/mobilenet_v1_0.25_224_quant.tflite",
        "mobilenet-v2-quant/mobilenet_v2_1.0_224_quant.tflite"
    })
    public String model;

    private Kitchen kitchen;
    private Endpoint endpoint;
    private BoundCall bound;
    private String input;
    private String output;
    private Tensor tensor;
    private ByteBuffer boundInput;
    private ByteBuffer boundOutput;
    private Interpreter interpreter;
    private ByteBuffer rawInput;
    private ByteBuffer rawOutput;
    private byte[] in;
    private byte[] out;

    @Setup
    public void open() throws IOException {
        Path file = Path.of(System.getProperty("kitchen.shared.data", "../shared/data"), "tflite")
                .resolve(model);
        kitchen = Kitchen.open(file);
        endpoint = kitchen.endpoint(kitchen.endpointNames().iterator().next());
        TensorSpec spec = (TensorSpec) endpoint.signature().inputs().get(0);
        input = spec.name();
        output = endpoint.signature().outputs().get(0).name();
        bound = endpoint.bind();
        boundInput = bound.input(input);
        boundOutput = bound.output(output);
        openRaw(Files.readAllBytes(file));
        in = new byte[rawInput.capacity()];
        out = new byte[rawOutput.capacity()];
        long row = spec.type() == DataType.FLOAT ? in.length / 4 : in.length;
        tensor = Tensor.copyOf(
                spec.type(), ByteBuffer.wrap(in).order(ByteOrder.nativeOrder()), oneRow(spec.shape(), row));
    }

    private static Shape oneRow(Shape shape, long elements) {
        long[] dimensions = shape.toArray();
        if (dimensions.length > 0 && dimensions[0] < 0) {
            dimensions[0] = 1;
        }
        Shape row = Shape.of(dimensions);
        if (row.elementCount() != elements) {
            throw new IllegalStateException("an input of " + row + " for " + elements + " elements");
        }
        return row;
    }

    private void openRaw(byte[] bytes) {
        BytePointer memory = new BytePointer(Pointer.malloc(bytes.length)).capacity(bytes.length);
        memory.put(bytes);
        FlatBufferModel verified = FlatBufferModel.VerifyAndBuildFromBuffer(memory, bytes.length);
        interpreter = new Interpreter((Pointer) null);
        try (InterpreterBuilder builder = new InterpreterBuilder(verified, new BuiltinOpResolver())) {
            builder.SetNumThreads(1);
            builder.apply(interpreter);
        }
        interpreter.AllocateTensors();
        rawInput = view(interpreter.input_tensor(0));
        rawOutput = view(interpreter.output_tensor(0));
    }

    private static ByteBuffer view(TfLiteTensor tensor) {
        return new BytePointer(tensorflowlite.TfLiteTensorData(tensor))
                .capacity(tensorflowlite.TfLiteTensorByteSize(tensor))
                .asByteBuffer();
    }

    @TearDown
    public void close() {
        bound.close();
        kitchen.close();
        interpreter.close();
    }

    @Benchmark
    public byte[] javacpp() {
        rawInput.put(0, in);
        interpreter.Invoke();
        rawOutput.get(0, out);
        return out;
    }

    @Benchmark
    public byte[] kitchenBound() {
        boundInput.put(0, in);
        bound.run();
        boundOutput.get(0, out);
        return out;
    }

    @Benchmark
    public Tensor kitchenPredict() {
        return endpoint.predict(input, tensor).tensor(output);
    }
}
