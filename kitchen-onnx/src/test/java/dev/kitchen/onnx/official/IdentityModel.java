package dev.kitchen.onnx.official;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.ByteArrayOutputStream;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The smallest useful ONNX model, {@code y = x} over floats, written as protobuf by hand. */
final class IdentityModel {

    private IdentityModel() {}

    static byte[] bytes() {
        byte[] node = join(field(1, "x"), field(2, "y"), field(4, "Identity"));
        byte[] graph = join(field(1, node), field(2, "identity"), field(11, value("x")), field(12, value("y")));
        byte[] opset = field(2, 17);
        return join(field(1, 8), field(7, graph), field(8, opset));
    }

    private static byte[] value(String name) {
        byte[] dimension = field(2, "n");
        byte[] shape = field(1, dimension);
        byte[] tensor = join(field(1, 1), field(2, shape));
        return join(field(1, name), field(2, field(1, tensor)));
    }

    private static byte[] field(int number, String text) {
        return field(number, text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] field(int number, byte[] content) {
        return join(new byte[] {(byte) (number << 3 | 2)}, varint(content.length), content);
    }

    private static byte[] field(int number, int value) {
        return join(new byte[] {(byte) (number << 3)}, varint(value));
    }

    private static byte[] varint(int value) {
        return value < 0x80 ? new byte[] {(byte) value} : join(new byte[] {(byte) (value | 0x80)}, varint(value >>> 7));
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** The model's answer to a question of one float. */
    static float run(OrtEnvironment environment, float question) throws OrtException {
        try (OrtSession session = environment.createSession(bytes())) {
            return run(environment, session, question);
        }
    }

    static float run(OrtEnvironment environment, OrtSession session, float question) throws OrtException {
        try (OnnxTensor x =
                        OnnxTensor.createTensor(environment, FloatBuffer.wrap(new float[] {question}), new long[] {1});
                OrtSession.Result result = session.run(Map.of("x", x))) {
            return ((float[]) result.get(0).getValue())[0];
        }
    }
}
