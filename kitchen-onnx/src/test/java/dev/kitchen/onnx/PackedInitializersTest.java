package dev.kitchen.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.google.protobuf.ByteString;
import dev.kitchen.error.ModelLoadException;
import dev.kitchen.onnx.OnnxOptions.Api;
import dev.kitchen.onnx.graph.TensorInfo;
import dev.kitchen.onnx.graph.TensorValues;
import dev.kitchen.onnx.official.OfficialRuntime;
import dev.kitchen.onnx.scan.OnnxFile;
import dev.kitchen.predict.CallContext;
import dev.kitchen.spi.InferenceSession;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Initializers whose elements share bytes: ONNX puts one byte's elements into each number of {@code int32_data}. */
class PackedInitializersTest {

    private static final int UINT4 = 21;
    private static final int INT4 = 22;
    private static final int FLOAT4 = 23;
    private static final int UINT2 = 25;
    private static final int INT2 = 26;

    @TempDir
    private Path directory;

    private static TensorProto.Builder tensor(int type, int elements) {
        return TensorProto.newBuilder().setName("w").setDataType(type).addDims(elements);
    }

    private static TensorProto numbers(int type, int elements, int... bytes) {
        TensorProto.Builder tensor = tensor(type, elements);
        Arrays.stream(bytes).forEach(tensor::addInt32Data);
        return tensor.build();
    }

    private static TensorProto raw(int type, int elements, int... bytes) {
        byte[] raw = new byte[bytes.length];
        for (int i = 0; i < raw.length; i++) {
            raw[i] = (byte) bytes[i];
        }
        return tensor(type, elements).setRawData(ByteString.copyFrom(raw)).build();
    }

    private static ModelProto model(TensorProto weights) {
        GraphProto graph = GraphProto.newBuilder()
                .setName("g")
                .addInput(TestModels.tensor("x", TestModels.FLOAT, 1))
                .addInitializer(weights)
                .addInitializer(TensorProto.newBuilder()
                        .setName("scale")
                        .setDataType(TestModels.FLOAT)
                        .addFloatData(1))
                .addNode(TestModels.node("DequantizeLinear", "d", "w", "scale"))
                .addNode(TestModels.node("Add", "y", "d", "x"))
                .addOutput(TestModels.tensor("y", TestModels.FLOAT, weights.getDims(0)))
                .build();
        long opset = weights.getDataType() >= UINT2 ? 25 : 21;
        return TestModels.model(graph).toBuilder()
                .setIrVersion(opset == 25 ? 12 : 10)
                .setOpsetImport(0, OperatorSetIdProto.newBuilder().setVersion(opset))
                .build();
    }

    static Stream<Arguments> integers() {
        return Stream.of(
                Arguments.of(numbers(INT4, 5, 0x21, 0xf8, 0x07), List.of(1, 2, -8, -1, 7)),
                Arguments.of(raw(INT4, 5, 0x21, 0xf8, 0x07), List.of(1, 2, -8, -1, 7)),
                Arguments.of(numbers(UINT4, 4, 0x21, 0xf8), List.of(1, 2, 8, 15)),
                Arguments.of(raw(UINT4, 3, 0x21, 0x0f), List.of(1, 2, 15)),
                Arguments.of(numbers(INT2, 5, 0xe4, 0x01), List.of(0, 1, -2, -1, 1)),
                Arguments.of(raw(UINT2, 6, 0xe4, 0x0e), List.of(0, 1, 2, 3, 2, 3)));
    }

    @ParameterizedTest
    @MethodSource("integers")
    void packedIntegersAnswerAsOnnxRuntimeItselfDoes(TensorProto weights, List<Integer> expected) throws Exception {
        Path file = TestModels.write(directory, "m", model(weights));

        assertThat(OnnxFile.scan(file, Long.MAX_VALUE)
                        .graph()
                        .scope()
                        .constant("w")
                        .flatMap(TensorInfo::values))
                .contains(TensorValues.ofIntegers(
                        expected.stream().mapToLong(Integer::longValue).toArray()));
        assertThat(ownAnswer(file)).isEqualTo(floats(expected));
        for (Api api : ScannedIsLoadedTest.apis().toList()) {
            try (InferenceSession session =
                    new OnnxBackend(OnnxOptions.builder().api(api).build()).load(file)) {
                float[] y = session.run(
                                NamedValues.of("x", Tensor.of(new float[1], 1)),
                                List.of("y"),
                                new CallContext(0, Long.MAX_VALUE))
                        .tensor("y")
                        .toFloatArray();
                assertThat(y).isEqualTo(floats(expected));
            }
        }
    }

    private static float[] floats(List<Integer> values) {
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i);
        }
        return floats;
    }

    private static float[] ownAnswer(Path file) throws IOException, OrtException {
        assertThat(new OfficialRuntime().version()).isNotEmpty(); // loads the native libraries
        var environment = ai.onnxruntime.OrtEnvironment.getEnvironment();
        try (var session = environment.createSession(Files.readAllBytes(file), new OrtSession.SessionOptions());
                var input = ai.onnxruntime.OnnxTensor.createTensor(environment, new float[1]);
                var result = session.run(Map.of("x", input))) {
            return (float[]) result.get(0).getValue();
        }
    }

    @Test
    void eachPackingIsCountedInBytes() throws IOException {
        for (int type : new int[] {UINT4, INT4, FLOAT4}) {
            scan(numbers(type, 5, 1, 2, 3));
            scan(raw(type, 5, 1, 2, 3));
            refuses(numbers(type, 5, 1, 2), "needs 3 numbers");
            refuses(raw(type, 5, 1, 2), "needs 3 bytes");
        }
        for (int type : new int[] {UINT2, INT2}) {
            scan(numbers(type, 9, 1, 2, 3));
            refuses(numbers(type, 9, 1, 2), "needs 3 numbers");
        }
    }

    private void scan(TensorProto weights) throws IOException {
        Path file = TestModels.write(directory, "m", model(weights));
        assertThat(OnnxFile.scan(file, Long.MAX_VALUE).graph().main().initializers())
                .containsKey("w");
    }

    private void refuses(TensorProto weights, String message) {
        assertThatThrownBy(() -> scan(weights))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining(message);
    }
}
